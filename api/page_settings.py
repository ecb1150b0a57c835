"""What only the pages have to know of the installation."""

from pydantic_settings import BaseSettings, SettingsConfigDict


class PageSettings(BaseSettings):
    """`temporal_ui`: address of Temporal's own page, for the links of operators and administrators."""

    model_config = SettingsConfigDict(env_prefix="MENTORING_", frozen=True, extra="ignore")

    temporal_ui: str | None = None
