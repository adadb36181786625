"""What a server offers to programs and to those who watch it: renders, health, metrics."""

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from syncfusion.studio.jobs import Jobs
from syncfusion.studio.renders import Renders
from syncfusion.studio.workspace import Studio

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Service(Collector):
    """The queues of a server, counted at every request.

    Args:
        studio: the projects that are open.
        jobs: the queue of their jobs.
        renders: the queue of programs; None where they are not served.
    """

    studio: Studio
    jobs: Jobs
    renders: Renders | None

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        yield _gauge("projects", "Projects that are open", sum(1 for _ in self.studio))
        yield _gauge("jobs_waiting", "Jobs of projects that have not begun", self.jobs.n_waiting)
        ready = float(self.jobs.runner.state == "ready")
        yield _gauge("worker_ready", "Whether the worker of projects is ready", ready)
        if self.renders is not None:
            renders = self.renders
            yield _gauge("renders_waiting", "Videos that have not begun", renders.n_waiting)
            yield _gauge("renders_running", "Videos that are rendered now", renders.n_running)
            ended = CounterMetricFamily(
                "syncfusion_renders", "Videos that have ended", labels=["state"]
            )
            for state in ("done", "failed"):
                ended.add_metric([state], renders.ended[state])
            yield ended
            yield CounterMetricFamily(
                "syncfusion_render_seconds", "Seconds that they took", value=renders.seconds
            )

    async def metrics(self, request: Request) -> Response:
        """Answer with the metrics, as Prometheus reads them."""
        registry = CollectorRegistry()
        registry.register(self)
        return Response(generate_latest(registry), media_type=TEXT)

    async def health(self, request: Request) -> Response:
        """Answer whether the server works; 503 where its worker has ended."""
        state = self.jobs.runner.state
        return JSONResponse({"worker": state}, 503 if state == "stopped" else 200)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"syncfusion_{name}", text, value=value)
