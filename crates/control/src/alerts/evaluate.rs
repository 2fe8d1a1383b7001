//! Looking at all rules from time to time, in one process of all.

use std::time::Duration;

use roundhouse_domain::Timestamp;
use roundhouse_domain::error::chain;
use roundhouse_domain::spec::{AlertLanguage, AlertSpec};
use roundhouse_jobs::{Options, QueueError};
use roundhouse_storage::alerts::{self, AlertEvent, AlertState, Delivery, Silence};
use roundhouse_storage::{StorageError, schedules};
use tokio_util::sync::CancellationToken;

use super::decide::{EventKind, Step, decide};
use super::message::Message;
use super::send::SendAlert;
use crate::control::Control;

/// How often rules are looked at, at the most.
const LEAST: Duration = Duration::from_secs(1);

/// How often it is seen whether that is due.
const LOOK: Duration = Duration::from_millis(500);

/// The schedule that says when it is due: whoever moves it on has the turn.
const SCHEDULE: &str = "alerts";

/// How long events are kept.
const KEPT: Duration = Duration::from_hours(90 * 24);

/// Old events removed in one transaction.
const SWEEP: u64 = 1_000;

impl Control {
    /// Looks at all rules from time to time; of several processes, one does each time.
    pub async fn run_alerts(self, shutdown: CancellationToken) {
        loop {
            match self.take_turn().await {
                Ok(true) => self.evaluate_alerts().await,
                Ok(false) => {}
                Err(error) => tracing::debug!(error = chain(&error), "cannot see whether alerts are due"),
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Looks at all rules now.
    pub async fn evaluate_alerts(&self) {
        let config = self.config();
        let rules: Vec<_> = config.declared.alerts.iter().filter(|rule| rule.enabled).collect();
        if let Err(error) = self.forget_others(&rules).await {
            tracing::warn!(error = chain(&error), "cannot tidy up alerts");
        }
        for rule in rules {
            if let Err(error) = self.evaluate(rule).await {
                tracing::warn!(rule = %rule.name, error = chain(&error), "cannot look at an alert's rule");
            }
        }
    }

    async fn take_turn(&self) -> Result<bool, StorageError> {
        let (now, every) = (self.now(), self.config().health.alert_interval.0.max(LEAST));
        let stored = schedules::list_all(self.database().reader()).await?;
        let seen = stored.into_iter().find(|schedule| schedule.name == SCHEDULE);
        if seen.as_ref().is_some_and(|seen| seen.next_run_at > now) {
            return Ok(false);
        }
        let transaction = self.database().write().await?;
        let is_ours = match &seen {
            None => {
                let timing = format!("every {}ms", every.as_millis());
                schedules::insert(&transaction, SCHEDULE, &timing, now).await?;
                false
            }
            Some(seen) => schedules::advance(&transaction, seen, now, now.plus(every)).await?,
        };
        transaction.commit().await?;
        Ok(is_ours)
    }

    /// Forgets what rules have found that are gone, silences that ended and events that are old.
    async fn forget_others(&self, rules: &[&AlertSpec]) -> Result<(), StorageError> {
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        let now = self.now();
        let age = i64::try_from(KEPT.as_millis()).unwrap_or_default();
        let transaction = self.database().write().await?;
        alerts::delete_states_of_others(&transaction, &names).await?;
        alerts::delete_ended_silences(&transaction, now).await?;
        let before = Timestamp::from_millis(now.as_millis() - age);
        alerts::delete_events_before(&transaction, before, SWEEP).await?;
        Ok(transaction.commit().await?)
    }

    async fn evaluate(&self, rule: &AlertSpec) -> Result<(), QueueError> {
        let found = self.look(rule).await?;
        let written = |(object, finding)| {
            serde_json::to_string(&finding).map(|finding| (object, finding)).map_err(QueueError::Unwritable)
        };
        let found = found.into_iter().map(written).collect::<Result<_, _>>()?;
        let (name, now) = (rule.name.as_str(), self.now());
        let silences = alerts::list_silences(self.database().reader()).await?;
        let is_silenced =
            |object: &str| silences.iter().any(|silence: &Silence| silence.covers(name, object, now));
        let transaction = self.database().write().await?;
        let known = alerts::states_for_update(&transaction, name).await?;
        for step in decide(rule, known, found, is_silenced, now) {
            self.take_step(&transaction, rule, step).await?;
        }
        Ok(transaction.commit().await.map_err(StorageError::from)?)
    }

    /// Writes down what changes, and lets people be told in the same transaction: once, whatever happens meanwhile.
    async fn take_step(
        &self,
        transaction: &impl roundhouse_storage::ConnectionTrait,
        rule: &AlertSpec,
        step: Step,
    ) -> Result<(), QueueError> {
        let Step { event, state, is_over } = step;
        if is_over {
            alerts::delete_state(transaction, &state.rule, &state.object).await?;
        } else {
            alerts::upsert_state(transaction, &state).await?;
        }
        let Some(kind) = event else { return Ok(()) };
        let event = self.event(rule, &state, kind);
        if kind == EventKind::Resolved {
            tracing::info!(rule = %rule.name, object = state.object, "alert is over");
        } else {
            tracing::warn!(rule = %rule.name, object = state.object, finding = state.finding, "alert");
        }
        alerts::insert_event(transaction, &event).await?;
        for channel in &rule.channels {
            let job = SendAlert { event: event.id, channel: channel.to_string() };
            let options = Options { priority: 10, ..Options::about(format!("{} → {channel}", rule.name)) };
            self.queue().enqueue(transaction, &job, options).await?;
        }
        Ok(())
    }

    fn event(&self, rule: &AlertSpec, state: &AlertState, kind: EventKind) -> AlertEvent {
        let waiting = |channel: &roundhouse_domain::spec::Name| Delivery {
            channel: channel.to_string(),
            state: "waiting".to_owned(),
            error: None,
        };
        AlertEvent {
            id: self.inner().parts.ids.next(),
            at: self.now(),
            kind: kind.as_str().to_owned(),
            deliveries: rule.channels.iter().map(waiting).collect(),
            ..about(state)
        }
    }
}

/// What a state says in words, in English.
pub(super) fn title(state: &AlertState) -> String {
    Message::of(&about(state), AlertLanguage::En)
        .map_or_else(|| state.object.clone(), |message| message.title)
}

fn about(state: &AlertState) -> AlertEvent {
    AlertEvent {
        id: uuid::Uuid::nil(),
        rule: state.rule.clone(),
        object: state.object.clone(),
        kind: EventKind::Fired.as_str().to_owned(),
        at: state.fired_at.unwrap_or(state.since),
        since: state.since,
        finding: state.finding.clone(),
        deliveries: Vec::new(),
    }
}
