//! Numbers that fit a schema.

use serde_json::Value;

use super::flat::Flat;

/// How far from a whole multiple still counts as one.
const NEARLY: f64 = 1e-9;

struct Bounds {
    low: f64,
    above: f64,
    high: f64,
    below: f64,
    step: Option<f64>,
}

impl Bounds {
    fn of(schema: &Flat<'_>) -> Self {
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        Self {
            low: bound("minimum").unwrap_or(f64::NEG_INFINITY),
            above: bound("exclusiveMinimum").unwrap_or(f64::NEG_INFINITY),
            high: bound("maximum").unwrap_or(f64::INFINITY),
            below: bound("exclusiveMaximum").unwrap_or(f64::INFINITY),
            step: bound("multipleOf").filter(|step| *step > 0.0),
        }
    }

    fn fit(&self, number: f64) -> bool {
        let stepped = |step| {
            let times: f64 = number / step;
            (times - times.round()).abs() < NEARLY
        };
        number.is_finite()
            && (self.low..=self.high).contains(&number)
            && number > self.above
            && number < self.below
            && self.step.is_none_or(stepped)
    }

    /// Numbers likely to fit: small ones, the bounds, and their neighbours.
    fn candidates(&self, nth: usize) -> Vec<f64> {
        let nth = u32::try_from(nth).map_or(0.0, f64::from);
        let (floor, ceiling) = (self.low.max(self.above), self.high.min(self.below));
        let step = self.step.unwrap_or(1.0);
        let up = (floor / step).ceil() * step;
        let down = (ceiling / step).floor() * step;
        let mut numbers = vec![1.0 + nth, up + nth * step, up + (nth + 1.0) * step, down - nth * step];
        numbers.extend([
            down - (nth + 1.0) * step,
            floor,
            ceiling,
            f64::midpoint(floor, ceiling),
            step * nth,
            0.0,
        ]);
        numbers.retain(|number| self.fit(*number));
        numbers
    }
}

/// A number for `schema`.
pub(super) fn number(schema: &Flat<'_>, nth: usize) -> f64 {
    let bounds = Bounds::of(schema);
    bounds.candidates(nth).first().copied().unwrap_or(0.0)
}

/// A whole number for `schema`; none when no whole number is found.
pub(super) fn integer(schema: &Flat<'_>, nth: usize) -> Option<i64> {
    let bounds = Bounds::of(schema);
    let whole = bounds.candidates(nth).into_iter().flat_map(|number| [number.floor(), number.ceil()]);
    let mut fitting = whole.filter(|number| bounds.fit(*number));
    // Text is the one lossless way from a whole float to an integer without a cast that could wrap.
    fitting.find_map(|number| format!("{number:.0}").parse().ok())
}
