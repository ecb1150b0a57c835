"""Notices always lead to somebody: where nobody stands behind the addressees, the next rung gets them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from activities.recipients import Recipient, RecipientBook, Resolved
from domain.ladder import Rung
from domain.plan import Plan
from domain.programme.state import Programme
from domain.queue_commands import RecordSent, Redirect


@dataclass(frozen=True)
class Reached:
    """Who gets a notice. `redirect` says why it is not its own addressees, `None` when it is."""

    recipients: tuple[Recipient, ...]
    unresolved: tuple[str, ...]
    redirect: Redirect | None = None

    @property
    def shown(self) -> list[str | None]:
        """Recipient ids as previews show them; `None` for addressees that nobody stands behind yet."""
        return [*(one.id for one in self.recipients), *((None,) if self.unresolved else ())]

    def narrowed(self, only: str | None) -> Reached:
        """The same for the one recipient `only`, or whoever stands in for them; for everybody when it is `None`."""
        if only is None:
            return self
        mine = (one for one in self.recipients if only in (one.id, *(away.id for away in one.instead_of)))
        return replace(self, recipients=tuple(mine))


def reach(
    book: RecipientBook,
    programme: Programme,
    plan: Plan,
    steps: Iterable[int],
    to: Sequence[str],
    rung: str | None,
    day: date,
) -> Reached:
    """The recipients of a notice on the local day `day`; `rung`: the one it belongs to, if to any.

    One addressee who can be found is enough. Where there is none, the rungs above are asked in their order; a notice
    that belongs to no rung begins at the lowest.
    """
    steps = tuple(steps)
    return reach_by(lambda some: book.resolve_for(programme, plan, steps, some, day), plan.ladder.after(rung), to)


def reach_by(resolve: Callable[[Sequence[str]], Resolved], above: Iterable[Rung], to: Sequence[str]) -> Reached:
    """The same of any stream: `resolve` says who stands behind some addressees; `above`: whom to ask in their place."""
    own = resolve(to)
    if own.recipients:
        return Reached(own.recipients, own.unresolved)
    for rung in above:
        found = resolve(rung.to)
        if found.recipients:
            vacant = tuple(dict.fromkeys(to))
            recipients = tuple(replace(one, vacant=vacant) for one in found.recipients)
            return Reached(recipients, own.unresolved, Redirect(vacant=vacant, rung=rung.key, to=_named(found)))
    return Reached((), own.unresolved)


def _named(found: Resolved) -> tuple[str, ...]:
    return tuple(to for to, recipients in found.by_addressee.items() if recipients)


def sent_command(item: int, to: tuple[str, ...], found: Reached | None, bundled: tuple[str, ...] = ()) -> RecordSent:
    """What the journal learns of a notice that went to `to`: who stood in for whom, and why it went elsewhere."""
    if found is None:
        return RecordSent(item=item, to=to, bundled=bundled)
    told = {*to, *bundled}
    stood_in = {one.id: tuple(away.id for away in one.instead_of) for one in found.recipients if one.id in told}
    instead_of = {recipient: away for recipient, away in stood_in.items() if away}
    return RecordSent(item=item, to=to, bundled=bundled, instead_of=instead_of, redirect=found.redirect)
