"""Goals are judged by the figures of a run, and by nothing that it lacks."""

import unittest

from harness.figures import Figures
from harness.goals import GOALS, judge, judge_all
from harness.outage import _speed
from harness.starts import floor_seconds


def goal(beginning):
    return next(goal for goal in GOALS if goal.what.startswith(beginning))


def run(contestant, cpu, shards=16, **more):
    phases = [{"kind": "run", "rate": 10_000, "keptUp": True, "late": 0, "cpu": {"total": cpu}}]
    return {"contestant": contestant, "compress": "zlib-stream", "shards": shards, "phases": phases, **more}


class GoalsTest(unittest.TestCase):
    def test_what_was_not_measured_is_not_judged(self):
        self.assertEqual({None}, {verdict.passed for verdict in judge_all(Figures({"shards": 16}))})

    def test_cpu_to_the_fastest_peer(self):
        found = {"shards": 16, "load": [run("gw", 40), run("discordjs", 100), run("jda", 300)]}
        verdict = judge(goal("CPU per event at 10,000/s, to the fastest peer"), Figures(found))
        self.assertTrue(verdict.passed)
        self.assertAlmostEqual(0.4, verdict.found.value.median)
        self.assertIn("discordjs", verdict.found.words)
        found["load"][0] = run("gw", 51)
        self.assertFalse(judge(verdict.goal, Figures(found)).passed)

    def test_catch_up_is_held_against_the_lower_of_two_limits(self):
        outage = {"rate": 90_000, "receiverLimit": 80_000}
        found = {"shards": 16, "load": [run("gw", 40, sustained={"rate": 40_000})], "outage": [outage]}
        verdict = judge(goal("catch-up"), Figures(found))
        self.assertTrue(verdict.passed)
        self.assertIn("receiver's own limit", verdict.found.words)
        outage["receiverLimit"] = 200_000
        verdict = judge(goal("catch-up"), Figures(found))
        self.assertFalse(verdict.passed)
        self.assertIn("live rate", verdict.found.words)

    def test_allocation_is_judged_by_the_worst_rate(self):
        allocation = [{"rate": 5_000, "bytes": {"worker": 250}}, {"rate": 20_000, "bytes": {"worker": 100}}]
        found = {"shards": 16, "load": [run("gw", 40, allocation=allocation)]}
        self.assertFalse(judge(goal("allocation in the worker"), Figures(found)).passed)

    def test_each_further_thousand_shards(self):
        def memory(shards, mib):
            half = {"rss": mib * 512}
            return {"shards": shards, "workers": 1, "supervisor": half, "worker": half}

        found = {"memory": [memory(1_000, 200), memory(5_000, 300)]}
        verdict = judge(goal("RSS of each further"), Figures(found))
        self.assertAlmostEqual(25, verdict.found.value.median)
        self.assertTrue(verdict.passed)


class FloorTest(unittest.TestCase):
    def test_the_first_identify_of_each_bucket_is_free(self):
        self.assertEqual(0, floor_seconds(1, 1))
        self.assertEqual(0, floor_seconds(16, 16))
        self.assertEqual(5, floor_seconds(17, 16))
        self.assertEqual(20, floor_seconds(80, 16))
        self.assertEqual(75, floor_seconds(16, 1))


class CatchUpTest(unittest.TestCase):
    def test_the_wait_before_is_no_working_off(self):
        def line(milliseconds, delivered):
            return 0.0, f'{{"supervisor":{{"nowMs":{milliseconds}}},"delivery":{{"delivered":{delivered}}}}}'

        lines = [line(0, 0), line(1_000, 0), line(1_200, 3_000), line(1_400, 13_000), line(1_600, 23_000), line(1_800, 25_000)]
        speed = _speed(lines, {"received": 25_000, "seconds": 1.7})
        self.assertAlmostEqual(50_000, speed["rate"])
        self.assertAlmostEqual(1.2, speed["waited"])


if __name__ == "__main__":
    unittest.main()
