"""`app` for a production WSGI server. `pointshop serve` needs none of this.

Raises ConfigError, and so lets the server not start, when the secret could be guessed.
"""

import os

from pointshop.app import create_app
from pointshop.config import read_config, require_strong_secret
from pointshop.core.logs import configure_logs, usual_form

_config = read_config(os.environ)
configure_logs(_config.log or usual_form())
require_strong_secret(_config)
app = create_app(_config)
