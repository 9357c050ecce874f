"""Configuration of the Superset that `make bi-check` starts for a few minutes on loopback; read by Superset itself."""

import os
from pathlib import Path

HOME = Path(os.environ["SUPERSET_HOME"])
SECRET_KEY = os.environ["BI_CHECK_SECRET"]
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
# only this machine can reach it, and REST is used with a token
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
RATELIMIT_ENABLED = False
