"""The Ray engine gives the local engine's records, also when a node dies on the way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gongkai.inference import run
from gongkai.inference.outputs.rows import Row, read_records

from .conftest import report_text

ray = pytest.importorskip("ray")
pq = pytest.importorskip("pyarrow.parquet")

from gongkai.inference import ray_engine  # noqa: E402

RULES: dict[str, object] = {"tagger": "rules"}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of three nodes on this machine."""
    from ray.cluster_utils import Cluster

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 4})
    nodes.add_node(num_cpus=4)
    ray.init(address=nodes.address, log_to_driver=False, logging_level="error")
    yield nodes
    ray.shutdown()
    nodes.shutdown()


def rows(folder: Path) -> list[Row]:
    found = [row for file in sorted(folder.glob("*.parquet")) for row in pq.read_table(file).to_pylist()]
    return sorted(found, key=_place)


def _place(row: Row) -> tuple[Any, ...]:
    return row["doc_id"], row["start"], row["end"], row["metric"], row["value"]


@pytest.fixture(scope="module")
def local(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("local") / "out"
    run.extract_paths([str(reports)], output=out, format_name=None, config=None, overrides=RULES, workers=1)
    return out


def test_files(cluster: Any, reports: Path, local: Path, tmp_path: Path) -> None:
    failed = ray_engine.extract_with_ray(
        [str(reports)], output=f"file://{tmp_path}/out", config=None, overrides=RULES, workers=3
    )
    assert rows(tmp_path / "out" / "records") == sorted(read_records(local / "records.jsonl"), key=_place)
    errors = (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines()
    assert failed == len(errors)
    assert sorted(errors) == sorted((local / "errors.jsonl").read_text("utf-8").splitlines())


def test_a_parquet_crawl_and_a_node_that_dies(cluster: Any, tmp_path: Path) -> None:
    import pyarrow

    texts = {f"p{n}": report_text(n) for n in range(600)}
    table = pyarrow.table({"id": list(texts), "text": list(texts.values())})
    pq.write_table(table, tmp_path / "crawl.parquet", row_group_size=50)
    doomed = cluster.add_node(num_cpus=4)
    killer = threading.Thread(
        target=lambda: (time.sleep(6), cluster.remove_node(doomed, allow_graceful=False))
    )
    killer.start()
    out = tmp_path / "ray"
    failed = ray_engine.extract_with_ray(
        [f"file://{tmp_path}/crawl.parquet"], output=str(out), config=None, overrides=RULES, workers=3
    )
    killer.join()
    assert failed == 0
    assert sum(node["Alive"] for node in ray.nodes()) == 2
    plain = tmp_path / "plain.jsonl"
    run.extract_paths(
        [str(tmp_path / "crawl.parquet")],
        output=plain,
        format_name=None,
        config=None,
        overrides=RULES,
        workers=1,
    )
    expected = sorted(read_records(plain), key=_place)
    assert rows(out / "records") == expected
    assert len({row["doc_id"] for row in expected}) == 600


def test_a_crawl_without_ids_is_refused(cluster: Any, tmp_path: Path) -> None:
    import pyarrow
    from gongkai.data.errors import ConfigError

    pq.write_table(pyarrow.table({"text": [report_text(1)]}), tmp_path / "crawl.parquet")
    with pytest.raises(ConfigError, match="no column of ids"):
        ray_engine.extract_with_ray(
            [str(tmp_path / "crawl.parquet")], output=str(tmp_path), config=None, overrides=RULES, workers=3
        )
