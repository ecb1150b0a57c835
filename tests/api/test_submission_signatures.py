"""Signatures beside documents."""

from __future__ import annotations

from tests.activities.files.papers import SIGNER, signature_beside, typeset
from tests.api.monitoring import TOMSK, opened, submitted
from tests.api.papers import FILES, line, put, stored
from tests.api.world import World, problem


def test_a_signature_beside_a_document_is_shown_with_its_signer(small: World):
    opened(small)
    content = typeset("Программа")
    problem(put(small, "programme/signature", signature_beside(content)), 404, "document_unknown")
    put(small, "programme", content)
    answer = put(small, "programme/signature", signature_beside(content), params={"name": "программа.pdf.sig"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["documents"][0]["signer"] == SIGNER
    (signature,) = line(small, "programme")["document"]["signatures"]
    assert (signature["signer"], signature["kind"], signature["valid"]) == (SIGNER, "detached", True)
    problem(put(small, "programme/signature", content), 422, "file_type_unknown")
    assert len(stored(small)) == 2


def test_a_signature_is_one_file(small: World):
    opened(small)
    content = typeset("Программа")
    put(small, "programme", content)
    two = [("file", (f"{number}.sig", signature_beside(content))) for number in (1, 2)]
    problem(small.ask("coordinator", "PUT", f"{FILES}/programme/signature", files=two), 422, "file_type_unknown")
    assert small.get(TOMSK, "coordinator")["documents"][0]["signer"] is None


def test_while_a_form_is_looked_at_its_signature_may_come_and_is_not_exchanged(small: World):
    opened(small)
    content = typeset("Программа")
    put(small, "programme", content)
    submitted(small, TOMSK, "coordinator")
    signature = signature_beside(content)
    assert put(small, "programme/signature", signature).status_code == 200
    assert put(small, "programme/signature", signature).status_code == 200
    problem(put(small, "programme/signature", signature_beside(content)), 409, "form_submitted")
    assert len(stored(small)) == 2
