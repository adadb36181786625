import pytest
from pytorch_lightning.loggers import CSVLogger

from syncfusion.errors import InputError
from syncfusion.trainer.loggers import open_logger


@pytest.fixture
def wandb(monkeypatch):
    """Weights & Biases, whose runs are what they are asked for; a key "wrong" is a wrong one."""
    import wandb
    from wandb.errors import AuthenticationError, CommError

    def init(**asked):
        if asked.get("project") == "forbidden":
            raise AuthenticationError("API key must have 40+ characters,\nhas 5.")
        if asked.get("project") == "unreachable":
            raise CommError("Timed out initializing run\nConsider increasing the init_timeout")
        return asked

    monkeypatch.setattr(wandb, "init", init)
    for name in ("WANDB_PROJECT", "WANDB_ENTITY", "WANDB_MODE"):
        monkeypatch.setenv(name, "")


def test_a_run_without_an_account_logs_to_csv(monkeypatch, tmp_path):
    monkeypatch.setenv("WANDB_API_KEY", "")
    monkeypatch.setenv("WANDB_MODE", "")
    assert isinstance(open_logger(str(tmp_path)), CSVLogger)


def test_an_account_is_used_with_its_project(wandb, monkeypatch, tmp_path):
    monkeypatch.setenv("WANDB_API_KEY", "secret")
    monkeypatch.setenv("WANDB_PROJECT", "foley")
    asked = open_logger(str(tmp_path / "new")).experiment
    assert (asked["project"], asked["entity"], asked["dir"]) == (
        "foley",
        None,
        str(tmp_path / "new"),
    )


def test_a_resumed_run_is_the_same_run(wandb, tmp_path):
    asked = [open_logger(str(tmp_path), "wandb").experiment for _ in range(2)]
    assert asked[0]["id"] == asked[1]["id"]
    assert asked[1]["resume"] == "allow"
    assert open_logger(str(tmp_path / "another"), "wandb").experiment["id"] != asked[0]["id"]


def test_checkpoints_become_artefacts_where_that_is_asked_for(wandb, tmp_path):
    assert not open_logger(str(tmp_path), "wandb")._log_model
    assert open_logger(str(tmp_path), "wandb", checkpoints=True)._log_model


def test_a_missing_connection_costs_seconds_and_is_not_blamed_on_the_key(
    wandb, monkeypatch, tmp_path
):
    monkeypatch.setenv("WANDB_PROJECT", "unreachable")
    with pytest.raises(InputError, match=r"run\); check the connection, .*WANDB_MODE=offline") as e:
        open_logger(str(tmp_path), "wandb")
    assert "WANDB_API_KEY" not in str(e.value)
    monkeypatch.setenv("WANDB_PROJECT", "foley")
    assert open_logger(str(tmp_path), "wandb").experiment["settings"].init_timeout <= 30


def test_an_account_that_is_refused_is_said_in_one_line(wandb, monkeypatch, tmp_path):
    monkeypatch.setenv("WANDB_PROJECT", "forbidden")
    with pytest.raises(InputError, match="40\\+ characters, has 5.\\); check WANDB_API_KEY"):
        open_logger(str(tmp_path), "wandb")
