"""The generated part takes its place, and charts are whatever a reader of XML can read."""

import unittest
import xml.dom.minidom

from harness.charts import apart, cpu, latency, linear_ticks, log_ticks, memory
from harness.document import BEGIN, END, replaced
from harness.figures import Figures


class DocumentTest(unittest.TestCase):
    def test_prose_around_the_markers_stays(self):
        page = f"# Title\n\nBefore.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n"
        self.assertEqual(f"# Title\n\nBefore.\n\n{BEGIN}\nnew\n{END}\n\nAfter.\n", replaced(page, "new\n"))

    def test_markers_are_added_where_there_are_none(self):
        self.assertEqual(f"# Title\n\n{BEGIN}\nnew\n{END}\n", replaced("# Title\n", "new"))


class ChartsTest(unittest.TestCase):
    def test_charts_are_well_formed(self):
        def phase(rate, cpu):
            return {
                "kind": "run", "rate": rate, "keptUp": rate < 20_000, "late": 0,
                "cpu": {"total": cpu}, "p50": 100, "p99": 900, "p999": 3_000,
            }  # fmt: skip

        phases = [phase(1_000, 90), phase(5_000, 50), phase(20_000, 30)]
        half = {"rss": 90_000}
        figures = Figures(
            {
                "shards": 16,
                "load": [
                    {"contestant": name, "compress": "zlib-stream", "shards": 16, "phases": phases} for name in ("gw", "floor")
                ],
                "memory": [
                    {"shards": shards, "workers": 1, "supervisor": half, "worker": half} for shards in (1, 1_000, 5_000)
                ],
            }
        )
        for draw in (cpu, latency, memory):
            xml.dom.minidom.parseString(draw(figures))

    def test_without_figures_there_is_no_chart(self):
        for draw in (cpu, latency, memory):
            self.assertIsNone(draw(Figures({})))

    def test_ticks(self):
        self.assertEqual([2, 5, 10, 20], log_ticks(3, 15))
        self.assertEqual([0, 100, 200, 300, 400, 500], linear_ticks(430))

    def test_labels_are_moved_apart_in_their_order(self):
        placed = apart([100, 101, 300], 15)
        self.assertGreaterEqual(placed[1] - placed[0], 14.9)
        self.assertEqual(300, placed[2])


if __name__ == "__main__":
    unittest.main()
