"""The bundled models can be imported from the checkout, as they can be once the wheel is installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "generated"))
