//! The page of figures.

use std::fmt::Write as _;

use crate::machine;
use crate::table::{Section, Target};

/// What is on it.
#[derive(Debug)]
pub(crate) struct Page {
    /// The sections in order.
    pub(crate) sections: Vec<Section>,
    /// What the page said before and others measure.
    pub(crate) kept: String,
    /// Whether it was only a look.
    pub(crate) quick: bool,
    /// How long it took.
    pub(crate) minutes: u64,
}

const INTRODUCTION: &str = "# Performance

`make bench` measures Roundhouse side by side with nginx, the plainest reverse proxy there is, and writes this page.
The targets are multiples of nginx, so that they mean the same on another machine.

    cargo build --release -p roundhouse -p roundhouse-bench
    target/release/roundhouse-bench run --out docs/performance.md

`--quick` gives a first look in under two minutes. nginx must be installed (`apt-get install nginx-light`).
";

/// The heading of the first section that is measured by other means; from there on until [`METHOD`] all stays when the page
/// is written again.
const KEPT_HEADING: &str = "\n## Translation by itself\n";

const METHOD: &str = "## How it is measured

- The server measured has core 0 to itself; mock upstream and load share core 1, in one thread each, over loopback,
  HTTP/1.1 with keep-alive. Both cost less per request than nginx, so that the server's core is the one that is full;
  where it was not, a note says so.
- The servers take turns in every row, and the figure is the median of the turns, with the lowest and the highest behind
  it. Only ratios of one run mean something: builds and neighbours on the machine move all figures together.
- CPU time is the system's account of the process (user and system, all threads), memory its resident set, with nginx's
  two processes added up.
- nginx: one worker, upstream connections kept alive, buffering and access log off, bodies in memory. It passes
  everything on and understands nothing.
- hyper proxy: a server and a client of the HTTP library that Roundhouse uses, the body untouched: what the stack itself
  costs.
- Roundhouse: as configured for people, log level `warn`: authentication by access key, limits on rate and concurrency,
  routing, model name rewritten, key choice, metrics, usage read from each answer and stored in SQLite.
";

const PROFILING: &str = "## To see where the time goes

    CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only \\
        cargo build --release -p roundhouse -p roundhouse-bench --target-dir target/profile
    target/profile/release/roundhouse-bench profile --roundhouse target/profile/release/roundhouse --load small
    perf report --input perf.data --no-children

`--load` is `small`, `large`, `stream`, `converted` or `converted-stream`; `perf` comes with Debian's `linux-perf`. The
parts by hand: `roundhouse-bench mock` is the upstream, `roundhouse-bench load --target 127.0.0.1:8080 --watch PID` the
load, and `roundhouse-bench proxy` the hyper proxy; each has `--help`.
";

/// The page as Markdown.
pub(crate) fn markdown(page: &Page) -> String {
    let mut text = String::from(INTRODUCTION);
    let _ = write!(text, "\n## This run\n\n");
    let kind =
        if page.quick { "A quick look: one measurement of one second each" } else { "The full measurement" };
    for line in machine::describe(&format!("{kind}, {} min", page.minutes)) {
        let _ = writeln!(text, "- {line}");
    }
    text += "\n## Targets\n\n";
    let lines = targets(page).map(Target::line).collect::<Vec<_>>();
    table(&mut text, &["", "target", "reached", ""].map(str::to_owned), &lines);
    for section in &page.sections {
        let _ = write!(text, "\n## {}\n\n{}\n\n", section.title, section.about);
        table(&mut text, &section.columns, &section.rows);
        for (index, note) in section.notes.iter().enumerate() {
            let _ = writeln!(text, "{}- {}", if index == 0 { "\n" } else { "" }, one_line(note));
        }
    }
    text += &page.kept;
    let _ = write!(text, "\n{METHOD}\n{PROFILING}");
    text
}

/// The sections of an earlier page that others measure; empty where there are none.
pub(crate) fn kept(page: &str) -> String {
    let Some(start) = page.find(KEPT_HEADING) else { return String::new() };
    let rest = &page[start..];
    let end = METHOD.lines().next().and_then(|heading| rest.find(&format!("\n{heading}\n")));
    rest[..end.unwrap_or(rest.len())].to_owned()
}

/// What was reached, in a few lines.
pub(crate) fn summary(page: &Page) -> Vec<String> {
    let (met, missed): (Vec<_>, Vec<_>) = targets(page).partition(|target| target.is_met());
    let mut lines = vec![format!("{} of {} targets reached", met.len(), met.len() + missed.len())];
    lines.extend(missed.into_iter().map(|target| target.line().join(" | ")));
    lines
}

fn targets(page: &Page) -> impl Iterator<Item = &Target> {
    page.sections.iter().flat_map(|section| &section.targets)
}

fn table(text: &mut String, columns: &[String], rows: &[Vec<String>]) {
    let _ = writeln!(text, "| {} |", columns.join(" | "));
    let rule: Vec<_> = (0..columns.len()).map(|index| if index == 0 { "---" } else { "---:" }).collect();
    let _ = writeln!(text, "| {} |", rule.join(" | "));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_others_stay() {
        let page = |kept: String| Page { sections: Vec::new(), kept, quick: false, minutes: 7 };
        assert!(!markdown(&page(kept("# Performance\n"))).contains(KEPT_HEADING));
        let sections = format!("{KEPT_HEADING}\nA table.\n\n## Another\n\nOne more.\n");
        let before = markdown(&page(sections.clone()));
        assert_eq!(kept(&before), sections);
        assert_eq!(kept(&markdown(&page(kept(&before)))), sections);
    }
}
