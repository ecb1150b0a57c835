"""A school whose steps are all skipped but the eighth, which gets late, and what its superiors read of it."""

from activities.digest_days import DigestDays
from activities.digests import Digests
from activities.directory import put_unit
from activities.mail import Mailer
from activities.people import Person, give_role, put_person
from activities.settings import Settings
from domain.programme import commands as c
from domain.quiet import QuietHours
from domain.units import Role, Unit, UnitTree
from tests.activities.mailroom import SCHOOL, START, TEXT, YEARS_AGO, Mailroom, mailroom, peopled
from tests.activities.region import UNITS

ZONE = "Asia/Tomsk"


FORMS = ("pupil-pupil",)


def eighth_open(url: str) -> None:
    """Put the school into a new database."""
    peopled(url)
    with mailroom(url, Settings()) as room:
        begin(room)


def begin(room: Mailroom) -> None:
    room.start(SCHOOL, forms=FORMS)
    only_step_8(room, SCHOOL)


def only_step_8(room: Mailroom, stream: str) -> None:
    for number in room.state(stream).steps:
        if number != 8:
            room.record(c.SkipStep(step=number, reason=TEXT), stream)
    room.send_all(stream)
    room.taken.clear()


def late(room: Mailroom, day: int, *streams: str) -> None:
    """Step 8 was due on 12 October; +3 is the 16th, +5 the 20th, +10 the 27th."""
    room.at(10, day)
    for stream in streams or (SCHOOL,):
        room.pass_time(stream)
        room.send_all(stream)
    room.taken.clear()


def sender(room: Mailroom, mailer: Mailer | None = None, quiet: QuietHours | None = None) -> Digests:
    days = DigestDays(room.database, room.library, quiet)
    return Digests(room.database, room.library, room.streams, mailer or room, room.settings, days)


def send(room: Mailroom, zone: str = ZONE) -> list[str]:
    """The addresses that get a digest now, sorted."""
    room.taken.clear()
    sender(room).send(zone, room.clock())
    return sorted(message["To"].addresses[0].addr_spec for message in room.taken)


def text(room: Mailroom, address: str) -> str:
    (message,) = (one for one in room.taken if one["To"].addresses[0].addr_spec == address)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def add(room: Mailroom, unit: Unit, *people: tuple[str, Role]) -> str:
    """A unit with its people; the stream of its programme, if it is to have one."""
    with room.database.writing() as connection:
        assert isinstance(put_unit(connection, unit, "test", START), tuple)
        for person, role in people:
            one = Person(id=person, name=f"Имя {person}", email=f"{person}@example.org")
            assert isinstance(put_person(connection, one, "test", START), tuple)
            assert isinstance(give_role(connection, person, role, unit.id, YEARS_AGO, "test", START), tuple)
    return f"programme/{unit.id}-2026"


def start_at(room: Mailroom, unit: Unit, units: tuple[Unit, ...], forms: tuple[str, ...] = FORMS) -> None:
    """Begin a year at an organisation that the small region does not know."""
    tree = UnitTree((*UNITS, *units))
    municipality, kind = tree.municipality(unit.id), tree.organisation_class(unit.id)
    ref = room.library.plan_ref("college" if unit.sector == "vocational" else "school", kind, 2026)
    command = c.StartProgramme.model_validate(
        {
            "organisation": unit.id, "organisation_class": kind, "sector": unit.sector, "zone": ZONE, "year": 2026,
            "municipality": municipality.id if municipality else None, "plan": ref, "forms": forms,
        }
    )  # fmt: skip
    room.record(command, f"programme/{unit.id}-2026")
