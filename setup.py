"""What pyproject.toml can't say: a wheel holds the app, whose files lie beside the package.

They go into `cnnviz/installed_app/`, where `cnnviz/app_folder.py` looks for them. An installation
that can be edited uses the checkout's own.
"""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

APP = ("app.py", ".streamlit/config.toml", "pages/*.py", "checkpoints/*", "static/*")


class WithApp(build_py):
    """The package's modules and data, and the app."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for path in _app_files():
                target = self._built(path)
                self.mkpath(str(target.parent))
                self.copy_file(path, str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        ours = [str(self._built(path)) for path in _app_files()]
        return super().get_outputs(include_bytecode) + ([] if self.editable_mode else ours)

    def get_source_files(self) -> list[str]:
        """What a source distribution takes, too."""
        return [*super().get_source_files(), *_app_files()]

    def _built(self, path: str) -> Path:
        return Path(self.build_lib, "cnnviz", "installed_app", path)


def _app_files() -> list[str]:
    return sorted(path.as_posix() for pattern in APP for path in Path().glob(pattern))


setup(cmdclass={"build_py": WithApp})
