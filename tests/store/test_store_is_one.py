"""The store is put together from parts that share one self."""

from workflow.store import Store


def test_no_two_parts_of_the_store_give_the_same_name() -> None:
    """A private method of one part would silently take the place of another's."""
    parts = [part for part in Store.__mro__ if part.__module__.startswith("workflow.store") and part is not Store]
    givers: dict[str, list[str]] = {}
    for part in parts:
        for name in vars(part):
            if callable(getattr(part, name)) and name != "__init__":
                givers.setdefault(name, []).append(part.__name__)
    assert {name: of for name, of in givers.items() if len(of) > 1} == {}
