"""What several commands of the command line share: options, and the settings and the model they lead to."""

from __future__ import annotations

from pathlib import Path

import click

from bot.embeddings import make_embedder
from bot.exits import WrongSetting
from bot.logs import install_excepthook
from bot.settings import Settings, SettingsError, read_settings
from store import Embedder

data_option = click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder of the databases.")
seeds_option = click.option("--seeds", type=click.Path(path_type=Path, file_okay=False), help="Folder of digest files.")
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON, one object a line.")


def settings_with(data: Path | None, seeds: Path | None = None) -> Settings:
    """The settings, with the folders that this call's options name.

    Raises:
        WrongSetting: one of them cannot be used.
    """
    try:
        settings = read_settings()
    except SettingsError as error:
        raise WrongSetting(str(error)) from None
    install_excepthook(settings.secrets, settings.log_format)
    return settings.model_copy(update={"data": data or settings.data, "seeds": seeds or settings.seeds})


def embedder_of(settings: Settings) -> Embedder | None:
    """The embedding model, if the settings name one.

    Raises:
        WrongSetting: it cannot be used.
    """
    try:
        return make_embedder(settings)
    except SettingsError as error:
        raise WrongSetting(str(error)) from None
