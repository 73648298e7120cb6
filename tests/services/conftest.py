import pytest, os, shutil
from config import Settings
from app.factory import create_app
from app.db import db


@pytest.fixture(scope="session")
def _tpl(tmp_path_factory):
    p = tmp_path_factory.mktemp("t") / "t.db"
    a = create_app(
        Settings.from_environment(
            dict(
                DATABASE_URL=f"sqlite:///{p}",
                REDIS_URL="redis://127.0.0.1:1/0",
                SECRET_KEY="x" * 40,
                PUBLIC_URL="http://localhost",
            )
        )
    )
    from flask_migrate import upgrade

    with a.app_context():
        upgrade()
        db.engine.dispose()
    return p


@pytest.fixture(params=["sqlite", "pg"])
def app(_tpl, tmp_path, request):
    if request.param == "sqlite":
        p = tmp_path / "t.db"
        shutil.copy(_tpl, p)
        url = f"sqlite:///{p}"
    else:
        url = "postgresql+psycopg://postgres@127.0.0.1:54329/postgres"
    a = create_app(
        Settings.from_environment(
            dict(
                DATABASE_URL=url,
                REDIS_URL="redis://127.0.0.1:1/0",
                SECRET_KEY="x" * 40,
                PUBLIC_URL="http://localhost",
            )
        )
    )
    with a.app_context():
        if request.param == "pg":
            with db.engine.begin() as c:
                from app.models import Base

                for t in reversed(Base.metadata.sorted_tables):
                    c.exec_driver_sql(
                        f'ALTER TABLE "{t.name}" DISABLE TRIGGER ALL; TRUNCATE TABLE "{t.name}" CASCADE; ALTER TABLE "{t.name}" ENABLE TRIGGER ALL'
                    )
        yield a
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app):
    return db.session()


@pytest.fixture
def seals(app):
    return app.extensions["seals"]
