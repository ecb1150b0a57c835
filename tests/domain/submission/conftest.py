"""How hard the rules are searched: as hard as those of programmes."""

from tests.domain.programme import conftest as conftest
