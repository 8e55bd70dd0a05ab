"""One thing wrong with what was handed in: where it stands, the rule it breaks and the cure, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `row` counts from 1, `line` and `column` too; `field` is a path such as owners[1].phone."""

    rule: str
    en: str
    zh: str
    row: int | None = None
    title: str | None = None
    line: int | None = None
    column: int | None = None
    field: str = ""
    value: str = ""
    called: tuple[str, str] = ("", "")
    """What people call the field, in English and in Chinese."""

    def text(self, language: str) -> str:
        """The whole sentence, in "zh-CN" or "en"."""
        chinese = language.startswith("zh")
        where = []
        if self.row is not None:
            named = f"「{self.title}」" if self.title else ""
            where.append(f"第{self.row}条{named}" if chinese else f"row {self.row}{' ' if named else ''}{named}")
        if self.line is not None:
            at = f", column {self.column}" if self.column is not None else ""
            zh_at = f"第{self.column}列" if self.column is not None else ""
            where.append(f"第{self.line}行{zh_at}" if chinese else f"line {self.line}{at}")
        if self.field:
            called = self.called[chinese]
            beside = f"（{called}）" if chinese else f" ({called})"
            field = self.field + beside if called else self.field
            where.append(f"{field} = {self.value}" if self.value else field)
        joint, end = ("，", "：") if chinese else (", ", ": ")
        return (joint.join(where) + end if where else "") + (self.zh if chinese else self.en)
