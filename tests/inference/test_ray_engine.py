"""The Ray engine gives the local engine's records, also when a node dies on the way, and goes on."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from gongkai.data.errors import ConfigError, OutputError
from gongkai.inference import run
from gongkai.inference.outputs.rows import Row, read_records

from .conftest import Run, report_text

ray = pytest.importorskip("ray")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
fsspec = pytest.importorskip("fsspec")

from gongkai.inference import ray_engine, ray_plan  # noqa: E402
from gongkai.inference.ray_plan import Part  # noqa: E402
from gongkai.inference.ray_store import Store  # noqa: E402

RULES: dict[str, object] = {"tagger": "rules"}
WEATHER = "今天天气很好，我们去公园散步。\n" * 40


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of two nodes on this machine."""
    from ray.cluster_utils import Cluster

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    nodes.add_node(num_cpus=2)
    ray.init(address=nodes.address, log_to_driver=False, logging_level="error")
    yield nodes
    ray.shutdown()
    nodes.shutdown()


def spread(names: Sequence[object], out: object, **settings: object) -> int:
    return ray_engine.extract_with_ray(
        list(map(str, names)),
        output=str(out),
        config=None,
        overrides=RULES | {"task_files": 4} | settings,
        workers=2,
    )


def alone(names: Sequence[object], out: Path, **settings: object) -> int:
    return run.extract_paths(
        list(map(str, names)),
        output=out,
        format_name=None,
        config=None,
        overrides=RULES | settings,
        workers=1,
    )


def rows(folder: Path) -> list[Row]:
    """The records in the order of the parts' names, as the documentation says."""
    return [row for file in sorted(folder.glob("*.parquet")) for row in pq.read_table(file).to_pylist()]


def assert_same(spread_out: Path, local_out: Path) -> None:
    """The same records in the same order, the same errors, the same counts."""
    expected = list(read_records(local_out / "records.jsonl"))
    assert expected
    assert rows(spread_out / "records") == expected
    assert (spread_out / "errors.jsonl").read_bytes() == (local_out / "errors.jsonl").read_bytes()
    about, local = (json.loads((out / "run.json").read_text("utf-8")) for out in (spread_out, local_out))
    assert about.pop("parts") == len(list((spread_out / "records").iterdir()))
    del local["records_sha256"]
    assert about == local


@pytest.fixture(scope="module")
def local(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("local") / "out"
    alone([reports], out)
    return out


class _Watch:
    """Which inputs are handed to Ray."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: list[str] = []
        whole = ray_engine._run

        def watched(parts: Sequence[Part], *rest: Any) -> Any:
            self.files += [Path(item.name).name for part in parts for item in part.items]
            return whole(parts, *rest)

        monkeypatch.setattr(ray_engine, "_run", watched)


def test_files_and_what_did_not_change(
    cluster: Any, reports: Path, local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(reports, source)
    alone([source], tmp_path / "local")
    watch = _Watch(monkeypatch)
    failed = spread([source], f"file://{out}")
    assert failed == len((out / "errors.jsonl").read_text("utf-8").splitlines()) > 3
    assert_same(out, tmp_path / "local")
    assert len(watch.files) == 66
    watch.files.clear()
    spread([source], out)
    assert watch.files == []
    assert_same(out, tmp_path / "local")
    (source / "a" / "r00x.txt").write_text(report_text(500), encoding="utf-8")
    spread([source], out)
    assert "r00x.txt" in watch.files
    assert len(watch.files) < 66, "a new file at the front is no reason to do all parts again"
    alone([source], tmp_path / "local")
    assert_same(out, tmp_path / "local")
    spread([source], out, window=300)
    assert len(watch.files) > 67


def test_a_node_that_dies_with_work_in_its_hands(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {f"p{n}": report_text(n) for n in range(1500)}
    texts |= dict.fromkeys(["p5", "p700", "p1499"], "") | {"p300": WEATHER, "p1100": WEATHER}
    crawl = tmp_path / "crawl.parquet"
    pq.write_table(pa.table({"id": list(texts), "text": list(texts.values())}), crawl, row_group_size=60)
    monkeypatch.setattr(ray_plan, "_ROWS", 120)
    doomed = cluster.add_node(num_cpus=2, resources={"doomed": 1})
    doomed_id = next(n["NodeID"] for n in ray.nodes() if n["Alive"] and "doomed" in n["Resources"])
    traces = tmp_path / "traces"
    traces.mkdir()

    class Traced(ray_engine._RayWorker):
        """Writes down who takes which part; on the doomed node the second is never finished."""

        def __call__(self, batch: Any) -> Any:
            node = ray.get_runtime_context().get_node_id()
            (part,) = batch["file"].to_pylist()
            first = not any(trace.name.startswith(f"finished {node}") for trace in traces.iterdir())
            (traces / f"took {node} {part}").touch()
            while node == doomed_id and not first:
                time.sleep(1)
            out = super().__call__(batch)
            (traces / f"finished {node} {part}").touch()
            return out

    def kill() -> None:
        while len(taken("took")) < 2 or not taken("finished"):
            time.sleep(0.05)
        cluster.remove_node(doomed, allow_graceful=False)

    def taken(what: str) -> set[str]:
        return {t.name.split()[2] for t in traces.iterdir() if t.name.startswith(f"{what} {doomed_id}")}

    monkeypatch.setattr(ray_engine, "_RayWorker", Traced)
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    out = tmp_path / "ray"
    failed = ray_engine.extract_with_ray(
        [str(crawl)], output=str(out), config=None, overrides=RULES, workers=6
    )
    killer.join(timeout=60)
    assert not killer.is_alive()
    assert not any(node["Alive"] for node in ray.nodes() if node["NodeID"] == doomed_id)
    lost = taken("took") - taken("finished")
    assert lost, "the node must die with parts that it never finished"
    assert lost <= {t.name.split()[2] for t in traces.iterdir() if t.name.startswith("finished")}
    assert failed == 5
    alone([crawl], tmp_path / "local")
    assert_same(out, tmp_path / "local")


def test_a_run_that_broke_off_goes_on(
    cluster: Any, reports: Path, local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    class Full(Store):
        """A disk that takes three parts."""

        def write_part(self, file: str, data: bytes) -> None:
            if len(list((out / "records").glob("part-*"))) >= 3:
                raise OutputError("cannot be written (No space left on device)", file=file)
            super().write_part(file, data)

    with monkeypatch.context() as patched:
        patched.setattr(ray_engine, "_RayWorker", _worker_with(Full))
        with pytest.raises(OutputError, match="No space left"):
            spread([reports], out)
    assert not (out / "run.json").exists()
    finished = {file.name: file.stat().st_mtime_ns for file in (out / "records").glob("part-*")}
    assert len(finished) >= 3
    spread([reports], out)
    assert_same(out, local)
    assert finished.items() <= {f.name: f.stat().st_mtime_ns for f in (out / "records").iterdir()}.items()


def _worker_with(store: type[Store]) -> type[ray_engine._RayWorker]:
    class Worker(ray_engine._RayWorker):
        def __init__(self, setup: Any, output: str) -> None:
            super().__init__(setup, output)
            self._store = store(output)

    return Worker


def test_a_node_with_another_model_is_refused(
    cluster: Any, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(ray_engine._RayWorker):
        def __init__(self, setup: Any, output: str) -> None:
            settings, key = setup
            super().__init__((settings, key | {"model": "another"}), output)

    monkeypatch.setattr(ray_engine, "_RayWorker", Other)
    with pytest.raises(ConfigError, match="differs in model"):
        spread([reports / "a"], tmp_path / "out")
    assert not list((tmp_path / "out" / "records").iterdir())


def test_memory_in_and_out(cluster: Any, tmp_path: Path) -> None:
    filesystem = fsspec.filesystem("memory")
    names = ["a[1].txt", "b/c.txt", ".hidden.txt"]
    for n, name in enumerate(names):
        filesystem.pipe_file(f"/reports/{name}", report_text(n).encode())
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(report_text(n), encoding="utf-8")
    alone([tmp_path / "in"], tmp_path / "local")
    assert spread(["memory://reports"], "memory://reports/out") == 0
    files = sorted(filesystem.find("/reports/out/records"))
    found = [row for f in files for row in pq.read_table(filesystem.open(f)).to_pylist()]
    assert found == list(read_records(tmp_path / "local" / "records.jsonl"))
    assert json.loads(filesystem.cat_file("/reports/out/run.json"))["inputs"] == 2
    assert spread(["memory://reports"], "memory://reports/out") == 0
    assert sorted(filesystem.find("/reports/out/records")) == files, "the output is no input"
    assert spread(["memory://reports/*.txt", "memory://reports/none.txt"], "memory://other") == 1


@pytest.mark.parametrize("ids", [None, [f"p{n % 1190}" for n in range(1200)]], ids=["none", "repeated"])
def test_ids_are_the_local_ones(cluster: Any, tmp_path: Path, ids: list[str] | None) -> None:
    columns: dict[str, list[str]] = {"text": [report_text(n) for n in range(1200)]}
    table = pa.table(columns | ({"id": ids} if ids else {}))
    pq.write_table(table, tmp_path / "crawl.parquet", row_group_size=300)
    spread([tmp_path / "crawl.parquet"], tmp_path / "out")
    alone([tmp_path / "crawl.parquet"], tmp_path / "local")
    assert len({row["doc_id"] for row in rows(tmp_path / "out" / "records")}) == 1200
    assert_same(tmp_path / "out", tmp_path / "local")


def test_columns_that_settings_name(cluster: Any, tmp_path: Path) -> None:
    texts = [report_text(n) for n in range(1200)]
    table = pa.table({"key": [f"k{n}" for n in range(1200)], "正文": texts, "text": texts[::-1]})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=300)
    pq.write_table(table.drop(["正文"]), tmp_path / "b.parquet", row_group_size=300)
    (tmp_path / "c.jsonl").write_text(json.dumps({"key": "c", "正文": texts[0]}) + "\n", encoding="utf-8")
    names = [tmp_path / name for name in ("a.parquet", "b.parquet", "c.jsonl")]
    columns = {"text_column": "正文", "id_column": "key"}
    assert spread(names, tmp_path / "out", **columns) == 1
    alone(names, tmp_path / "local", **columns, task_files=4)
    assert_same(tmp_path / "out", tmp_path / "local")
    (error,) = map(json.loads, (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines())
    assert (Path(error["file"]).name, error["kind"]) == ("b.parquet", "column")
    assert {row["doc_id"] for row in rows(tmp_path / "out" / "records")} == {f"k{n}" for n in range(1200)} | {
        "c"
    }


def test_an_input_that_kills_costs_itself(
    cluster: Any, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import os, signal\n"
        "from gongkai.inference.batch_work import Worker\n"
        "whole = Worker.run\n"
        "def run(worker, task):\n"
        "    if any(p.file.endswith('r06.txt') for p in task):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return whole(worker, task)\n"
        "Worker.run = run\n",
        encoding="utf-8",
    )

    class Hooked(ray_engine._RayWorker):
        def __init__(self, setup: Any, output: str) -> None:
            import os

            os.environ["PYTHONPATH"] = os.pathsep.join([str(hook), os.environ.get("PYTHONPATH", "")])
            super().__init__(setup, output)

    monkeypatch.setattr(ray_engine, "_RayWorker", Hooked)
    files = [reports / "a" / f"r{n:02}.txt" for n in range(0, 14, 2)]
    assert spread(files, tmp_path / "out") == 1
    (error,) = map(json.loads, (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines())
    assert (Path(error["file"]).name, error["kind"]) == ("r06.txt", "crash")
    ids = list(dict.fromkeys(row["doc_id"] for row in rows(tmp_path / "out" / "records")))
    assert ids == [f"r{n:02}" for n in range(0, 14, 2) if n != 6]


def test_what_could_not_be_opened_is_tried_again(cluster: Any, tmp_path: Path) -> None:
    late, out = tmp_path / "late.txt", tmp_path / "out"
    late.symlink_to(tmp_path / "source.txt")
    assert spread([late], out) == 1
    assert rows(out / "records") == []
    (tmp_path / "source.txt").write_text(report_text(1), encoding="utf-8")
    assert spread([late], out) == 0
    assert {row["doc_id"] for row in rows(out / "records")} == {"late"}


def test_no_inputs_give_typed_columns(cluster: Any, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert spread([tmp_path / "in"], tmp_path / "out") == 0
    (file,) = (tmp_path / "out" / "records").iterdir()
    assert pq.read_table(file).schema.field("value").type == pa.float64()


def test_records_of_another_origin_are_refused(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "mine.parquet").touch()
    with pytest.raises(ConfigError, match=r"mine\.parquet, which no cluster run wrote"):
        spread([tmp_path / "in"], tmp_path)
    assert (tmp_path / "records" / "mine.parquet").exists()


def test_command_line(cluster: Any, reports: Path, local: Path, tmp_path: Path, gongkai: Run) -> None:
    words = ("extract", reports, "-o", tmp_path / "out", "--engine", "ray", "--tagger", "rules")
    done = gongkai(*words, "--address", cluster.address, "--workers", 2)
    assert done.returncode == 1, done.stderr
    assert b"f.bin: is a program" in done.stderr
    assert_same(tmp_path / "out", local)
    refused = gongkai("extract", "-", "-o", tmp_path / "out", "--engine", "ray", "--tagger", "rules")
    assert refused.returncode == 2
    assert b"standard input" in refused.stderr
