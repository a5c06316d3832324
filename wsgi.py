"""`app` for a production WSGI server. `pointshop serve` needs none of this.

Raises ConfigError, and so lets the server not start, when the secret could be guessed.
"""

import os

from pointshop.app import create_app
from pointshop.config import read_config, require_strong_secret

_config = read_config(os.environ)
require_strong_secret(_config)
app = create_app(_config)
