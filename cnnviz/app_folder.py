"""Where the app is: app.py, `pages/`, `checkpoints/`, `static/` and Streamlit's settings."""

from pathlib import Path

# setup.py puts it into a wheel under this name.
_INSTALLED = Path(__file__).resolve().parent / "installed_app"

APP_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parents[1]
"""In the package where a wheel was installed; in a checkout the folder that the package is in."""
