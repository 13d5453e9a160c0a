"""What Streamlit leaves in the browser's timeline at each run of a page is taken away."""

from tests.javascript import Node


def test_a_run_s_marks_go_once_it_is_measured_and_those_of_others_stay(node: Node) -> None:
    body = """const { forgetTimings } = await load("page/timings.js");
    const left = () => performance.getEntries()
      .filter(({ entryType }) => ["mark", "measure"].includes(entryType))
      .map(({ name }) => name);
    const run = () => {
      performance.mark("running");
      performance.mark("notRunning");
      performance.measure("script-run-cycle", "running", "notRunning");
    };
    // Those who observe are told one after another: this one last.
    const told = () => new Promise((done) => {
      const last = new PerformanceObserver(() => { last.disconnect(); setTimeout(done); });
      last.observe({ type: "measure" });
    });
    run();
    performance.mark("somebody's");
    const stop = forgetTimings();
    const seen = [];
    for (let at = 0; at < 3; at += 1) {
      const wait = told();
      run();
      await wait;
      seen.push(left());
    }
    stop();
    performance.clearMarks();
    return seen;"""
    assert node.run(body) == 3 * [["somebody's"]]
