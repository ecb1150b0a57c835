"""Every table of the database. Journal rows are only ever added; the read model can be rebuilt from them."""

from activities.tables.columns import UtcDateTime
from activities.tables.journal import CommandRow, DefinitionRow, EventRow, TextRow
from activities.tables.letters import DeliveryRow, DigestDayRow, PreferenceRow, QuestionnaireRow
from activities.tables.monitoring import FormRevisionRow, IncomingMailRow, StoredFileRow, SubmissionDocumentRow, TrayRow
from activities.tables.operations import BulkItemRow, BulkRow, HeartbeatRow
from activities.tables.read_model import CampaignRow, NamedRow, ProgrammeRow, QueueRow, SnapshotRow, SubmissionRow
from activities.tables.region import AbsenceRow, AuditRow, FeedRow, PersonRow, RoleRow, TokenRow, UnitRow

__all__ = [
    "AbsenceRow",
    "AuditRow",
    "BulkItemRow",
    "BulkRow",
    "CampaignRow",
    "CommandRow",
    "DefinitionRow",
    "DeliveryRow",
    "DigestDayRow",
    "EventRow",
    "FeedRow",
    "FormRevisionRow",
    "HeartbeatRow",
    "IncomingMailRow",
    "NamedRow",
    "PersonRow",
    "PreferenceRow",
    "ProgrammeRow",
    "QuestionnaireRow",
    "QueueRow",
    "RoleRow",
    "SnapshotRow",
    "StoredFileRow",
    "SubmissionDocumentRow",
    "SubmissionRow",
    "TextRow",
    "TokenRow",
    "TrayRow",
    "UnitRow",
    "UtcDateTime",
]
