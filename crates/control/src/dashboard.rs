//! How things stand, at one look.

use std::sync::Arc;

use roundhouse_domain::{Timestamp, UserId};
use roundhouse_gateway::key_pool::KeyCounts;
use roundhouse_storage::usage::{Counts, Dimension, Grain, Line, Query};
use roundhouse_storage::users;

use crate::control::Control;
use crate::requests::Viewer;
use crate::usage::UsageError;

/// Entries of a list of the most used.
const TOP: u32 = 10;

/// The time that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The last hour, by minutes.
    Hour,
    /// The last day, by hours.
    Day,
    /// The last week, by six hours.
    Week,
    /// The last thirty days, by days.
    Month,
}

impl Range {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::Hour, "1h"), (Self::Day, "24h"), (Self::Week, "7d"), (Self::Month, "30d")];

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, name)| *name == text).map(|(range, _)| range)
    }

    const fn grain(self) -> Grain {
        match self {
            Self::Hour => Grain::Minute,
            Self::Day | Self::Week => Grain::Hour,
            Self::Month => Grain::Day,
        }
    }

    /// The length of a step of the series, and how many there are.
    const fn steps(self) -> (i64, i64) {
        match self {
            Self::Hour => (Grain::Minute.millis(), 60),
            Self::Day => (Grain::Hour.millis(), 24),
            Self::Week => (6 * Grain::Hour.millis(), 28),
            Self::Month => (Grain::Day.millis(), 30),
        }
    }

    /// When it begins and ends: whole steps, the one that is under way among them.
    fn bounds(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let (step, count) = self.steps();
        let end = now.as_millis() - now.as_millis().rem_euclid(step) + step;
        (Timestamp::from_millis(end - step * count), Timestamp::from_millis(end))
    }
}

/// How things stand.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// When the time that is looked at begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// The length of a step of the series, in milliseconds.
    pub step_ms: i64,
    /// What it comes to.
    pub now: Counts,
    /// What the time of the same length before it came to.
    pub before: Counts,
    /// Step by step; steps without requests are there too.
    pub series: Vec<(Timestamp, Counts)>,
    /// The models that cost the most.
    pub models: Vec<Top>,
    /// The access keys that cost the most.
    pub access_keys: Vec<Top>,
    /// The providers that cost the most.
    pub providers: Vec<Top>,
    /// The users that cost the most.
    pub users: Vec<Top>,
    /// Provider keys by status.
    pub keys: KeyCounts,
    /// Providers that cannot be asked now, and why.
    pub unhealthy: Vec<(Arc<str>, &'static str)>,
    /// Requests under way in this process.
    pub open_requests: u32,
}

/// An entry of a list of the most used.
#[derive(Clone, Debug)]
pub struct Top {
    /// Its name or id.
    pub name: Arc<str>,
    /// What people call it, where that is something else.
    pub label: Option<String>,
    /// What it comes to.
    pub counts: Counts,
}

impl Control {
    /// How things stand, as far as `viewer` may see.
    pub async fn dashboard(&self, viewer: Viewer, range: Range) -> Result<Dashboard, UsageError> {
        let (from, to) = range.bounds(self.now());
        let (step_ms, _) = range.steps();
        let length = to.as_millis() - from.as_millis();
        let earlier = Timestamp::from_millis(from.as_millis() - length);
        let base = Query { from, to, grain: Some(range.grain()), ..Query::default() };
        let total = async |query: Query| -> Result<Counts, UsageError> {
            let mut lines = self.list_usage(viewer, query).await?;
            Ok(lines.pop().map(|line| line.counts).unwrap_or_default())
        };
        let top = async |dimension| {
            let query = Query { group_by: vec![dimension], top: Some(TOP), ..base.clone() };
            Ok::<_, UsageError>(tops(self.list_usage(viewer, query).await?))
        };
        let steps = self.list_usage(viewer, Query { step_ms: Some(step_ms), ..base.clone() }).await?;
        Ok(Dashboard {
            now: total(base.clone()).await?,
            before: total(Query { from: earlier, to: from, ..base.clone() }).await?,
            series: filled(&steps, (from, to), step_ms),
            models: top(Dimension::Model).await?,
            access_keys: top(Dimension::AccessKey).await?,
            providers: top(Dimension::Provider).await?,
            users: self.with_labels(top(Dimension::User).await?).await?,
            keys: self.key_counts(),
            unhealthy: self.unhealthy_providers(),
            open_requests: self.gateway().open_calls(),
            from,
            to,
            step_ms,
        })
    }

    async fn with_labels(&self, mut tops: Vec<Top>) -> Result<Vec<Top>, UsageError> {
        for top in &mut tops {
            let Ok(id) = top.name.parse::<UserId>() else { continue };
            top.label = users::get(self.database().reader(), id).await?.map(|user| user.email);
        }
        Ok(tops)
    }

    /// Provider keys of all providers, by status.
    pub fn key_counts(&self) -> KeyCounts {
        let (now, snapshot) = (self.now(), self.gateway().snapshot_full());
        let counts = snapshot.providers.values().map(|provider| provider.keys.counts(now));
        counts.fold(KeyCounts::default(), |sum, counts| KeyCounts {
            active: sum.active + counts.active,
            cooling: sum.cooling + counts.cooling,
            invalid: sum.invalid + counts.invalid,
            disabled: sum.disabled + counts.disabled,
        })
    }

    fn unhealthy_providers(&self) -> Vec<(Arc<str>, &'static str)> {
        let (now, snapshot) = (self.now(), self.gateway().snapshot_full());
        let mut unhealthy = Vec::new();
        for provider in snapshot.providers.values() {
            let keys = provider.keys.counts(now);
            if keys.total() > 0 && keys.active == 0 {
                unhealthy.push((provider.name.clone(), "no_usable_keys"));
                continue;
            }
            let mut targets = snapshot
                .routes
                .values()
                .flat_map(|route| route.targets())
                .map(|(_, target)| target)
                .filter(|target| target.provider.name == provider.name)
                .peekable();
            if targets.peek().is_some() && targets.all(|target| !target.health.breaker.would_admit(now)) {
                unhealthy.push((provider.name.clone(), "failing"));
            }
        }
        unhealthy.sort_unstable();
        unhealthy
    }
}

fn tops(lines: Vec<Line>) -> Vec<Top> {
    let top = |mut line: Line| Some(Top { name: line.names.pop()??, label: None, counts: line.counts });
    lines.into_iter().filter_map(top).collect()
}

/// Every step of the time, those without requests too.
fn filled(lines: &[Line], (from, to): (Timestamp, Timestamp), step: i64) -> Vec<(Timestamp, Counts)> {
    let mut lines = lines.iter().peekable();
    let mut steps = Vec::new();
    let mut at = from.as_millis();
    while at < to.as_millis() {
        let here = lines.next_if(|line| line.at.as_millis() == at);
        steps.push((Timestamp::from_millis(at), here.map(|line| line.counts.clone()).unwrap_or_default()));
        at += step;
    }
    steps
}
