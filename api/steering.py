"""Steering a programme and its steps: each route is one command."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from api import documents as d
from api import shapes
from api.acting import InAttempt, Texts, persons_known, steer
from api.context import Caller, InContext
from api.documents import told
from domain.mentoring_forms import Form
from domain.programme import commands as c

router = APIRouter(prefix="/programmes/{programme}", tags=["Ход программы"])


def order_of(given: shapes.OrderIn | None) -> c.Order | None:
    """The order of a command."""
    return c.Order(number=given.number, date=given.date) if given else None


@router.post(
    "/steps/{step}/completion", summary="Выполнить мероприятие, его часть или повторение", responses=told(d.Programme)
)
def complete_step(
    programme: str,
    step: shapes.StepNumber,
    body: shapes.CompletionIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """Record evidence for a step, one part or one occurrence of it."""
    texts = Texts()
    command = c.CompleteStep(
        step=step,
        part=body.part,
        occurrence=body.occurrence,
        evidence=texts.figures(body.evidence),
        forms=body.forms,
        note=texts.keep_if_any(body.note),
        documents=tuple(texts.keep(one) for one in body.documents),
    )
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/steps/{step}/skip", summary="Пропустить мероприятие с указанием причины", responses=told(d.Programme))
def skip_step(
    programme: str,
    step: shapes.StepNumber,
    body: shapes.SkipIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """Leave a step out."""
    texts = Texts()
    command = c.SkipStep(step=step, reason=texts.keep(body.reason), order=order_of(body.order))
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/steps/{step}/reopening", summary="Вернуть мероприятие в работу", responses=told(d.Programme))
def reopen_step(
    programme: str,
    step: shapes.StepNumber,
    body: shapes.ReopeningIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """Take a completion or a skip back."""
    texts = Texts()
    reason = texts.keep(body.reason)
    command = c.ReopenStep(step=step, part=body.part, occurrence=body.occurrence, reason=reason)
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/steps/{step}/deadline", summary="Перенести срок", responses=told(d.Programme))
def move_deadline(
    programme: str,
    step: shapes.StepNumber,
    body: shapes.DeadlineIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """Move a deadline; the first date stays beside the new one."""
    texts = Texts()
    command = c.MoveDeadline(
        step=step,
        occurrence=body.occurrence,
        due=body.due,
        reason=texts.keep(body.reason),
        order=order_of(body.order),
    )
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/steps/{step}/responsible", summary="Передать мероприятие другому человеку", responses=told(d.Programme))
def assign_step(
    programme: str,
    step: shapes.StepNumber,
    body: shapes.ResponsibleIn,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
) -> Response:
    """Hand a step to a person of the directory."""
    persons_known(context, {"/person": body.person})
    return steer(context, caller, attempt, programme, c.AssignStep(step=step, person=body.person))


@router.post(
    "/appointments", summary="Назначить куратора или педагога-навигатора приказом", responses=told(d.Programme)
)
def appoint(
    programme: str, body: shapes.AppointmentIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Appoint by an order's number and date (order 420-р, 7.2 and 8.2)."""
    persons_known(context, {"/person": body.person})
    order = c.Order(number=body.order.number, date=body.order.date)
    command = c.AppointPerson(role=body.role, person=body.person, order=order)
    return steer(context, caller, attempt, programme, command)


@router.put("/forms", summary="Изменить планируемые формы наставничества", responses=told(d.Programme))
def choose_forms(
    programme: str, body: shapes.FormsIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Change the planned forms, until step 8 (college: 6) fixes them."""
    return steer(context, caller, attempt, programme, c.ChooseForms(forms=tuple(dict.fromkeys(body.forms))))


@router.put(
    "/results/{form}", summary="Внести планируемый результат по форме наставничества", responses=told(d.Programme)
)
def plan_result(
    programme: str, form: Form, body: shapes.PlannedIn, context: InContext, caller: Caller, attempt: InAttempt
) -> Response:
    """Enter what is planned for one form (order 420-р, 3.3)."""
    command = c.PlanResult(form=form, planned=c.PlannedResult(**body.model_dump()))
    return steer(context, caller, attempt, programme, command)


@router.post("/pause", summary="Приостановить программу", responses=told(d.Programme))
def pause(programme: str, body: shapes.PauseIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Stop the clock of the year."""
    texts = Texts()
    command = c.PauseProgramme(reason=texts.keep(body.reason), on_resume=body.deadlines)
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/resumption", summary="Возобновить программу", responses=told(d.Programme))
def resume(
    programme: str,
    context: InContext,
    caller: Caller,
    attempt: InAttempt,
    body: shapes.ResumptionIn | None = None,
) -> Response:
    """Let the clock run again."""
    texts = Texts()
    given = body or shapes.ResumptionIn()
    command = c.ResumeProgramme(deadlines=given.deadlines, reason=texts.keep_if_any(given.reason))
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/closure", summary="Завершить год, назвав невыполненное", responses=told(d.Programme))
def close(programme: str, body: shapes.ReasonIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Close the year; open steps become named gaps."""
    texts = Texts()
    command = c.CloseProgramme(reason=texts.keep(body.reason))
    return steer(context, caller, attempt, programme, command, texts.rows)


@router.post("/cancellation", summary="Отменить программу", responses=told(d.Programme))
def cancel(programme: str, body: shapes.ReasonIn, context: InContext, caller: Caller, attempt: InAttempt) -> Response:
    """Call the year off; it may be started anew."""
    texts = Texts()
    command = c.CancelProgramme(reason=texts.keep(body.reason))
    return steer(context, caller, attempt, programme, command, texts.rows)
