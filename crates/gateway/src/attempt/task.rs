//! An attempt at a task, which may take several requests.

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::response::Parts;
use roundhouse_llm::answer::{Answer, Verdict};

use super::{Failed, Got, Stop, collect_whole, read_failure, request};
use crate::call::{Outgoing, Prepared};
use crate::conversion::{Edges, TaskConversion};
use crate::failure::Sign;
use crate::gateway::Gateway;
use crate::selection::Choice;

/// How many requests of one task are under way at the same time.
const AT_ONCE: usize = 8;

/// Sends all requests to the choice and joins their answers; the first failure is the attempt's.
pub(super) async fn exchange(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    requests: Vec<Outgoing>,
    conversion: &TaskConversion,
) -> Result<Got, Stop> {
    let answering =
        requests.into_iter().map(|request| one(gateway, call, choice, request, conversion.edges()));
    let answers: Vec<(Parts, Bytes)> = stream::iter(answering).buffered(AT_ONCE).try_collect().await?;
    let (heads, bodies): (Vec<Parts>, Vec<Bytes>) = answers.into_iter().unzip();
    let Some(head) = heads.into_iter().next() else {
        return Err(Failed::unanswered(Sign::Empty, "there was nothing to ask").into());
    };
    Ok(match conversion.join(&bodies) {
        Ok(done) => {
            let seen = Answer { usage: done.usage, response_id: None, verdict: Verdict::Ok };
            let head = conversion.edges().head(head, done.reply.content_type);
            Got::Whole(head, done.reply.body.into(), seen)
        }
        Err(error) => Failed::inside(&head, error, &bodies.concat()),
    })
}

async fn one(
    gateway: &Gateway,
    call: &Prepared,
    choice: &Choice,
    outgoing: Outgoing,
    edges: &Edges,
) -> Result<(Parts, Bytes), Stop> {
    let response = request::send(gateway, call, choice, outgoing, Some(edges)).await?;
    let (parts, body) = response.into_parts();
    if !parts.status.is_success() {
        return Err(read_failure(gateway, call, parts, body).await.refused_by(edges, call).into());
    }
    Ok((parts, collect_whole(body).await?))
}
