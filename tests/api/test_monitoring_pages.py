"""The pages that letters about the monitoring lead to: who sees what, in which words, and nothing foreign in them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from activities.directory import put_unit
from activities.mail_in.rows import IncomingMail, TrayItem, add_mail
from activities.people import Person, give_role, put_person
from api.page_submission_journal import SENTENCES
from domain.submission.events import SubmissionEvent
from domain.units import Unit
from tests.activities.files.papers import typeset
from tests.api.monitoring import LYCEUM, OPENING, SEVERSK, TOMSK, filled, opened, put_form, submitted
from tests.api.test_pages import ATTACK, look, shown
from tests.api.world import AUTUMN, World

ROUND = "/campaigns/monitoring-2027"
PAGES = ("/campaigns", ROUND, f"{ROUND}/league", TOMSK)
COMMENTS = [
    {"pointer": "/appendix2/3/later", "comment": "Сверьте с прошлым годом"},
    {"pointer": "", "comment": "Подпишите форму заново"},
]


@pytest.fixture
def asked(small: World) -> World:
    """Tomsk, Seversk and the lyceum are asked for their forms."""
    opened(small)
    return small


def links(world: World, path: str, who: str) -> set[str]:
    return set(re.findall(r'href="(/submissions/[^"/]+)"', look(world, path, who).text))


@pytest.mark.parametrize("path", [*PAGES, f"{ROUND}/report.csv", f"{TOMSK}/form.pdf", f"{TOMSK}/documents/roadmap"])
def test_a_stranger_is_asked_to_sign_in(asked: World, path: str):
    for who in (None, "mt_wrong"):
        answer = look(asked, path, who)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic ")
        assert "Томск" not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_pages_allow_nothing_foreign(asked: World, path: str):
    answer = look(asked, path, "rcro")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r'<script| style=|(src|href|action)="(https?:)?//', answer.text)


def test_everybody_sees_the_forms_that_the_api_shows(asked: World):
    for who in asked.keys:
        api = {one["id"] for one in asked.get("/submissions", who)["items"]}
        rounds = {one["id"] for one in asked.get("/campaigns", who)["items"]}
        found = set(re.findall(r'href="/campaigns/([^"]+)"', look(asked, "/campaigns", who).text))
        assert found == rounds, who
        assert look(asked, ROUND, who).status_code == (200 if rounds else 404), who
        if rounds:
            assert {one.removeprefix("/submissions/") for one in links(asked, ROUND, who)} == api, who
        for path in (TOMSK, SEVERSK, LYCEUM):
            seen = path.removeprefix("/submissions/") in api
            assert look(asked, path, who).status_code == (200 if seen else 404), (who, path)
            assert look(asked, f"{path}/form.docx", who).status_code == (200 if seen else 404), (who, path)


def test_what_is_not_visible_looks_like_what_does_not_exist(asked: World):
    hidden, missing = (look(asked, path, "coordinator") for path in (SEVERSK, "/submissions/nothing"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text == missing.text


def test_a_respondent_reads_of_itself_alone_also_among_the_gaps(asked: World):
    asked.clock.on("2027-04-01")
    asked.post(f"{ROUND}/closure", None, "rcro")
    mine = look(asked, ROUND, "coordinator").text
    assert "Ваша форма" in mine
    assert "из 3" not in mine
    names = [unit.name for unit in asked.core.library.units() if unit.id == "mo-seversk"]
    for one in (*names, "Канарейка лицей"):
        assert one not in mine
        assert one in look(asked, ROUND, "rcro").text
    office = shown(look(asked, ROUND, "office"))
    assert "Канарейка" not in office
    assert "принято 0 из 3" in office


def test_the_rounds_stand_with_what_has_come_and_with_the_next_one(asked: World):
    submitted(asked, TOMSK, "coordinator")
    text = shown(look(asked, "/campaigns", "rcro"))
    assert "Мониторинг за 2026 год" in text
    assert "до 22 марта 2027 г." in text
    assert "1 из 3" in text
    assert "Следующий мониторинг" in text
    assert "данные за 2025 и 2026 годы" in text, "a round for three is not the one of the year"
    assert "Следующий мониторинг" not in shown(look(asked, "/campaigns", "coordinator"))
    asked.clock.on("2028-02-25")
    asked.post("/campaigns", OPENING | {"deadline": "2028-03-21", "years": [2026, 2027]}, "rcro")
    order = re.findall(r'href="/campaigns/([^"]+)"', look(asked, "/campaigns", "rcro").text)
    assert order == ["monitoring-2028", "monitoring-2027"]


def test_a_round_says_what_it_is_and_who_is_late(asked: World):
    order = {"number": "15-од", "date": "2027-03-20"}
    asked.post(f"{SEVERSK}/extension", {"due": "2027-03-29", "reason": "Карантин", "order": order}, "rcro")
    asked.clock.on("2027-03-23")
    for one in ("mo-tomsk", "lyceum"):
        asked.core.recorder.pass_time(f"submission/monitoring-2027-{one}", by="worker")
    submitted(asked, LYCEUM, "curator of lyceum", filled(general=3))
    text = shown(look(asked, ROUND, "rcro"))
    assert "понедельник, 22 марта 2027 г." in text
    assert "срок перенесён с воскресенья 21 марта на понедельник 22 марта" in text
    assert "№ 183 от 25 февраля 2027 г." in text
    assert "до 29 марта 2027 г. первоначально до 22 марта 2027 г." in text
    assert "просрочено форм: 1" in text
    assert "сдана позже срока" in text
    assert "Уважаемые коллеги!" in text
    league = shown(look(asked, f"{ROUND}/league", "rcro"))
    assert "Канарейка лицей" in league
    assert "с опозданием" in league


def test_the_report_comes_as_the_same_files_as_from_the_api(asked: World):
    for kind in ("json", "csv", "xlsx", "docx", "pdf"):
        path = f"{ROUND}/report.{kind}"
        page, api = look(asked, path, "rcro"), asked.ask("rcro", "GET", path)
        assert page.status_code == 200, kind
        assert page.content == api.content
    assert look(asked, f"{ROUND}/report.exe", "rcro").status_code == 422


def test_a_form_says_what_is_to_be_done_next_and_by_whom(asked: World):
    with asked.core.database.writing() as connection:
        put_person(connection, Person(id="p-titova", name="Титова Анна Львовна"), "test", AUTUMN)
        give_role(connection, "p-titova", "municipal_coordinator", "mo-tomsk", AUTUMN.date(), "test", AUTUMN)
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "Форма ещё пуста: заполните и сдайте её. Срок — понедельник, 22 марта 2027 г. включительно" in text
    assert "Сейчас действует: Титова Анна Львовна." in text
    put_form(asked, TOMSK, "coordinator", {"appendix1": {"totals": {"general": 3}}})
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "Форма заполняется: осталось исправить" in text
    assert "Приложение 1. Вопрос 1. Форма «ученик-ученик»" in text
    assert "Ответственное лицо, ФИО: заполните это поле." in text
    submitted(asked, TOMSK, "coordinator")
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "Форма сдана 25 февраля 2027 г. и проверяется" in text
    assert "можно добавить недостающее: 4 файла" in text
    assert "Что мешает сдать форму" not in text
    asked.post(f"{TOMSK}/acceptance", {"remarks": "Приложите фотографии"}, "rcro")
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "Форма принята 25 февраля 2027 г. Спасибо!" in text
    assert "г.." not in text
    code = asked.get(TOMSK, "coordinator")["check_code"]
    assert f"сдача № 1 от 25 февраля 2027 г., 10:00, редакция 2, код проверки {code}" in text
    assert "Приложите фотографии" in text


def test_comments_name_their_fields(asked: World):
    submitted(asked, TOMSK, "coordinator")
    asked.clock.on("2027-03-24")
    asked.post(f"{TOMSK}/return", {"comments": COMMENTS}, "rcro")
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "Форма возвращена на доработку: исправьте названное в замечаниях" in text
    assert "2026 год Сверьте с прошлым годом" in text
    assert "Форма в целом Подпишите форму заново" in text
    assert "appendix2" not in text
    assert "возврат на доработку" in text
    assert "Форма возвращена на доработку, 2 замечания" in text


def test_the_comments_of_a_return_stand_there_until_the_correction_is_accepted(asked: World):
    submitted(asked, TOMSK, "coordinator")
    asked.post(f"{TOMSK}/return", {"comments": COMMENTS}, "rcro")
    submitted(asked, TOMSK, "coordinator", filled(13))
    text = shown(look(asked, TOMSK, "rcro"))
    assert "Замечания к сдаче № 1: 2" in text
    assert "2026 год Сверьте с прошлым годом" in text
    assert "Сверьте с прошлым годом" not in look(asked, TOMSK, "operator").text
    asked.post(f"{TOMSK}/acceptance", None, "rcro")
    assert "Сверьте с прошлым годом" not in look(asked, TOMSK, "rcro").text


def test_the_four_files_are_named_one_by_one_and_come_down_as_they_went_up(asked: World):
    put_form(asked, TOMSK, "coordinator")
    content = typeset("Программа")
    sent = asked.ask("coordinator", "PUT", f"{TOMSK}/documents/programme", content=content, params={"name": "п.pdf"})
    assert sent.status_code == 200, sent.text
    text = shown(look(asked, TOMSK, "rcro"))
    assert "Утверждённая муниципальная программа развития наставничества есть п.pdf" in text
    assert text.count(" нет —") == 3
    assert "Получен файл: утверждённая муниципальная программа" in text
    got = look(asked, f"{TOMSK}/documents/programme", "rcro")
    assert (got.content, got.headers["content-disposition"].partition(";")[0]) == (content, "attachment")
    assert look(asked, f"{TOMSK}/documents/roadmap", "rcro").status_code == 404
    assert look(asked, f"{TOMSK}/documents/programme", "operator").status_code == 403


def test_a_store_of_files_that_is_away_hides_nothing_else(asked: World, monkeypatch: pytest.MonkeyPatch):
    put_form(asked, TOMSK, "coordinator")
    printed = asked.ask("coordinator", "GET", f"{TOMSK}/form.docx").content
    asked.ask("coordinator", "PUT", f"{TOMSK}/documents/form-docx", content=printed)
    assert "совпадает с формой, как она напечатана" in shown(look(asked, TOMSK, "rcro"))
    for file in (one for one in asked.core.settings.home.rglob("*") if one.is_file() and one.read_bytes()[:2] == b"PK"):
        file.unlink()
    text = shown(look(asked, TOMSK, "rcro"))
    assert "Заполненная форма в формате Word есть" in text
    gone = look(asked, f"{TOMSK}/documents/form-docx", "rcro")
    assert gone.status_code == 503
    assert "Хранилище файлов не отвечает" in gone.text


def test_the_deadline_stands_with_every_later_date(asked: World):
    order = {"number": "15-од", "date": "2027-03-20"}
    asked.post(f"{TOMSK}/extension", {"due": "2027-03-29", "reason": "Карантин.", "order": order}, "rcro")
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "22 марта 2027 г. первый срок срок перенесён с воскресенья 21 марта" in text
    assert "29 марта 2027 г. продление Карантин Приказ № 15-од от 20 марта 2027 г." in text
    assert "Срок перенесён с 22 марта 2027 г. на 29 марта 2027 г., продление. Причина: Карантин" in text
    assert "rcro" in text  # the token's name


def test_what_is_known_already_is_counted(asked: World):
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "Что система уже знает" in text
    assert "Организации этого вида в перечне области 2 2" in text


def test_texts_of_people_stay_texts(asked: World):
    with asked.core.database.writing() as connection:
        put_unit(connection, Unit(id="lyceum", kind="organisation", parent="dgo", sector="general", name=ATTACK),
                 "test", AUTUMN)  # fmt: skip
    hostile: dict[str, Any] = {"title": ATTACK, "letter": {"number": ATTACK, "date": "2027-02-25", "text": ATTACK}}
    asked.post("/campaigns", OPENING | {"respondents": ["lyceum"]} | hostile, "rcro")
    path = "/submissions/monitoring-2027-2-lyceum"
    submitted(asked, path, "curator of lyceum", filled(general=3))
    asked.ask("administrator", "PUT", f"{path}/documents/roadmap", content=typeset("x"), params={"name": ATTACK})
    asked.post(f"{path}/return", {"comments": [{"pointer": "/appendix2/3/later", "comment": ATTACK}]}, "rcro")
    asked.post(f"{path}/extension", {"due": "2027-04-29", "reason": ATTACK, "order": {"number": ATTACK}}, "rcro")
    for page in (f"{ROUND}-2", f"{ROUND}-2/league", path, "/campaigns"):
        answer = look(asked, page, "rcro")
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "&lt;script&gt;" in answer.text


def test_operators_read_no_names_and_no_words_of_persons(asked: World):
    with asked.core.database.writing() as connection:
        put_person(connection, Person(id="p-titova", name="Титова Анна Львовна"), "test", AUTUMN)
        give_role(connection, "p-titova", "municipal_coordinator", "mo-tomsk", AUTUMN.date(), "test", AUTUMN)
    asked.post(f"{TOMSK}/extension", {"due": "2027-03-29", "reason": "Болеет Титова"}, "rcro")
    submitted(asked, TOMSK, "coordinator")
    asked.ask("coordinator", "PUT", f"{TOMSK}/documents/roadmap", content=typeset("x"), params={"name": "Титова.pdf"})
    asked.post(f"{TOMSK}/return", {"reason": "Позвоните Титовой"}, "rcro")
    assert look(asked, TOMSK, "rcro").text.count("Титов") >= 4
    for who in ("operator", "administrator"):
        assert "Титов" not in look(asked, TOMSK, who).text, who


def test_an_accepted_form_that_is_opened_again_still_counts(asked: World):
    submitted(asked, TOMSK, "coordinator")
    asked.post(f"{TOMSK}/acceptance", None, "rcro")
    asked.post(f"{TOMSK}/reopening", {"reason": "Ошибка в показателе 3"}, "rcro")
    text = shown(look(asked, TOMSK, "coordinator"))
    assert "исправляется, прежняя принята" in text
    assert "пока учитывается принятая редакция 1" in text
    assert "Принятая форма открыта для изменения. Причина: Ошибка в показателе 3" in text
    asked.post(f"{ROUND}/closure", None, "rcro")
    assert "Мониторинг завершён, форма принята." in shown(look(asked, TOMSK, "coordinator"))
    assert "форма не принята" in shown(look(asked, SEVERSK, "rcro"))


def test_a_whole_round_can_be_shown_on_either_database(region: World):
    opened(region)
    submitted(region, TOMSK, "coordinator")
    region.post(f"{TOMSK}/return", {"comments": COMMENTS}, "rcro")
    for day in ("2027-03-01", "2027-03-22", "2027-03-23", "2027-04-10"):
        region.clock.on(day)
        for path in (*PAGES, SEVERSK, LYCEUM):
            assert "Мониторинг" in shown(look(region, path, "rcro"))
    late = shown(look(region, SEVERSK, "rcro"))
    assert "просрочена" in late
    assert "Срок прошёл 22 марта 2027 г. Сейчас действует: координатор программы наставничества." in late
    region.post(f"{ROUND}/closure", {"note": "Письма направлены"}, "rcro")
    text = shown(look(region, ROUND, "rcro"))
    assert "Мониторинг завершён 10 апреля 2027 г.: принято 0 из 3." in text
    assert "Форма не принята: 3" in text
    assert "Письма направлены" in text


def test_what_came_by_mail_waits_on_the_page_for_somebody_to_confirm_it(asked: World):
    assert "Прислано по почте" not in shown(look(asked, TOMSK, "coordinator"))
    sender = "titova@tomsk.example.org"
    mail = IncomingMail(
        "m1", "box", 1, "<m1>", sender, "Форма", "matched", "code", TOMSK.removeprefix("/submissions/"), None, AUTUMN
    )
    known: dict[str, Any] = {
        "mail": mail.id,
        "submission": mail.submission,
        "signature": None,
        "signatures": None,
        "at": AUTUMN,
    }
    waits = TrayItem(
        id="m1-1", name=f"Скан{ATTACK}.pdf", kind="form-pdf", sha256=None, size=1_200_000, state="waiting",
        reason=None, **known,
    )  # fmt: skip
    bad = replace(waits, id="m1-2", name="Форма.doc", kind=None, state="refused", reason="В документе есть макросы.")
    with asked.core.database.writing() as connection:
        add_mail(connection, mail, [waits, bad])
    page = shown(look(asked, TOMSK, "coordinator"))
    assert "ждёт подтверждения форма с подписью руководителя и печатью в формате PDF 1,2 МБ, от " + sender in page
    assert "Форма.doc" in page
    assert "не принято В документе есть макросы." in page
    centre = next(unit.name for unit in asked.core.library.units() if unit.id == "rcro")
    assert f"подтвердит человек: координатор программы наставничества или {centre}" in page
    hidden = look(asked, TOMSK, "operator").text
    assert "ждёт подтверждения" in hidden
    assert not re.search(f"{sender}|Скан|макросы", hidden)
    assert ATTACK not in look(asked, TOMSK, "coordinator").text


def test_every_event_has_its_sentence():
    union: Any = get_args(SubmissionEvent)[0]
    assert {one.model_fields["type"].default for one in get_args(union)} == set(SENTENCES)
