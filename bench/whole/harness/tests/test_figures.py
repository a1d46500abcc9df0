"""Medians, spreads and ratios: what all tables are made of."""

import unittest

from harness.figures import Figure, Figures, figure, ratio
from harness.tables import Table, number, spread


def phase(kind, cpu, **more):
    return {"kind": kind, "cpu": {"total": cpu}, "late": 0, **more}


def run(contestant, phases, compress="zlib-stream", **more):
    return {"contestant": contestant, "compress": compress, "shards": 16, "phases": phases, **more}


class FigureTest(unittest.TestCase):
    def test_median_and_extremes_of_repeats(self):
        self.assertEqual(Figure(2, 1, 9, 3), figure([9, 1, 2]))

    def test_no_values_are_no_figure(self):
        self.assertIsNone(figure([]))
        self.assertIsNone(figure([None]))

    def test_a_ratio_spreads_as_far_as_both_sides_allow(self):
        self.assertEqual(Figure(0.5, 0.25, 1.0, 2), ratio(Figure(10, 8, 12, 2), Figure(20, 12, 32, 3)))

    def test_no_ratio_to_nothing(self):
        self.assertIsNone(ratio(Figure(1, 1, 1), None))
        self.assertIsNone(ratio(Figure(1, 1, 1), Figure(0, 0, 0)))


class FiguresTest(unittest.TestCase):
    def setUp(self):
        self.figures = Figures(
            {
                "shards": 16,
                "load": [
                    run(
                        "discordjs",
                        [
                            phase("run", 90.0, rate=10_000, keptUp=True, p99=3_000),
                            phase("run", 60.0, rate=20_000, keptUp=False, p99=900_000),
                            phase("burst", 50.0, received=30_000, seconds=3.0),
                        ],
                    ),
                    run("jda", [phase("run", 120.0, rate=10_000, keptUp=True, p99=2_000)]),
                    run("gw", [phase("run", 40.0, rate=10_000, keptUp=True, p99=500)]),
                    run("gw", [phase("run", 44.0, rate=10_000, keptUp=True, p99=700)]),
                ],
            }
        )

    def test_starts_of_a_contestant_are_repeats(self):
        self.assertEqual(Figure(42, 40, 44, 2), self.figures.cpu("gw", 10_000))

    def test_a_rate_that_was_not_kept_up_has_no_figures(self):
        self.assertIsNone(self.figures.cpu("discordjs", 20_000))
        self.assertIsNone(self.figures.latency("discordjs", 20_000, "p99"))
        self.assertTrue(self.figures.out_of_reach("discordjs", 20_000))
        self.assertTrue(self.figures.out_of_reach("discordjs", 50_000))
        self.assertFalse(self.figures.out_of_reach("discordjs", 10_000))

    def test_the_best_peer_depends_on_the_figure(self):
        self.assertEqual("discordjs", self.figures.best_peer(lambda name: self.figures.cpu(name, 10_000)))
        self.assertEqual("jda", self.figures.best_peer(lambda name: self.figures.latency(name, 10_000, "p99")))


class TableTest(unittest.TestCase):
    def test_markdown(self):
        table = Table("Title", ["what", "figure"], [["a|b", "1"]], ["A note."])
        self.assertEqual("### Title\n\n| what | figure |\n|---|--:|\n| a\\|b | 1 |\n\nA note.\n", table.markdown())

    def test_numbers_have_as_many_digits_as_they_deserve(self):
        self.assertEqual(["1,234", "12.3", "1.23", "-"], [number(n) for n in (1234.4, 12.34, 1.234, None)])

    def test_a_single_value_has_no_spread(self):
        self.assertEqual("2.00", spread(Figure(2, 2, 2)))
        self.assertEqual("2.00 (1.00..3.00)", spread(Figure(2, 1, 3, 2)))


if __name__ == "__main__":
    unittest.main()
