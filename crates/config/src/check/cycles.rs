//! Fallbacks must come to an end.

use std::collections::HashMap;

use roundhouse_domain::spec::RouteSpec;

use super::Placed;
use crate::report::Report;

/// Where the search through the routes stands.
#[derive(Clone, Copy, PartialEq)]
enum Visit {
    Not,
    Open,
    Done,
}

/// Reports every circle of fallbacks once. Depth first, with its own stack: files may chain more routes than a thread's holds.
pub(super) fn check(routes: &[Placed<RouteSpec>], report: &mut Report) {
    let by_model: HashMap<&str, usize> =
        routes.iter().enumerate().map(|(i, r)| (r.spec.model.as_str(), i)).collect();
    let mut visits = vec![Visit::Not; routes.len()];
    for start in 0..routes.len() {
        if visits[start] == Visit::Not {
            visits[start] = Visit::Open;
            walk(vec![(start, 0)], routes, &by_model, &mut visits, report);
        }
    }
}

fn walk(
    mut way: Vec<(usize, usize)>,
    routes: &[Placed<RouteSpec>],
    by_model: &HashMap<&str, usize>,
    visits: &mut [Visit],
    report: &mut Report,
) {
    while let Some((route, next)) = way.last_mut() {
        let Some(fallback) = routes[*route].spec.fallbacks.get(*next) else {
            visits[*route] = Visit::Done;
            way.pop();
            continue;
        };
        *next += 1;
        let Some(&target) = by_model.get(fallback.as_str()) else { continue };
        match visits[target] {
            Visit::Not => {
                visits[target] = Visit::Open;
                way.push((target, 0));
            }
            Visit::Open => circle(&way, target, routes, report),
            Visit::Done => {}
        }
    }
}

fn circle(way: &[(usize, usize)], target: usize, routes: &[Placed<RouteSpec>], report: &mut Report) {
    let model = |index: usize| routes[index].spec.model.as_str();
    let mut names: Vec<&str> =
        way.iter().map(|(index, _)| *index).skip_while(|index| *index != target).map(model).collect();
    names.push(model(target));
    let message = format!("fallbacks go in a circle ({}); remove one", names.join(" -> "));
    report.problem(&format!("{}/fallbacks", routes[target].pointer), message);
}
