"""A store of its own for each test, on either database."""

from __future__ import annotations

from tests.store.conftest import store, vault

__all__ = ["store", "vault"]
