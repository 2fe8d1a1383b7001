//! Checks and completes a provider.

use std::collections::HashSet;

use http::{HeaderName, HeaderValue};
use roundhouse_domain::Secret;
use roundhouse_domain::spec::{BaseUrl, Family, ProviderKind, ProviderSpec};
use url::Url;

use super::{Placed, clouds, keys, require_time, settings::timeouts};
use crate::base_url::{self, Address};
use crate::files::Files;
use crate::report::{Report, child};

/// Gives a provider its kind, addresses and keys, and reports what is wrong with it.
pub(super) fn complete(provider: &mut Placed<ProviderSpec>, report: &mut Report, files: &mut Files) {
    let Placed { pointer, spec } = provider;
    addresses(spec, pointer, report);
    keys::complete(spec, pointer, report, files);
    models(spec, pointer, report);
    headers(spec, pointer, report);
    proxy(spec.proxy.as_ref(), pointer, report);
    timeouts(&spec.timeouts, &format!("{pointer}/timeouts"), report);
    require_time(spec.probes.timeout, &format!("{pointer}/probes/timeout"), report);
}

fn addresses(spec: &mut ProviderSpec, pointer: &str, report: &mut Report) {
    let single = spec.base_url.take().map(|url| BaseUrl { url, weight: 1 });
    if single.is_some() && !spec.base_urls.is_empty() {
        return report.problem(&format!("{pointer}/base_urls"), "give `base_url` or `base_urls`, not both");
    }
    let place = |index: usize| match single {
        Some(_) => format!("{pointer}/base_url"),
        None => format!("{pointer}/base_urls/{index}/url"),
    };
    let mut inferred = None;
    let mut urls: Vec<BaseUrl> = single.iter().cloned().chain(spec.base_urls.drain(..)).collect();
    for (index, base) in urls.iter_mut().enumerate() {
        match base_url::read(&base.url) {
            Ok(address) => {
                inferred.get_or_insert(address.kind);
                accept(spec, base, address, &place(index), report);
            }
            Err(message) => report.problem(&place(index), message),
        }
    }
    if !urls.is_empty() && urls.iter().all(|base| base.weight == 0) {
        report.problem(
            &format!("{pointer}/base_urls"),
            "every weight is 0, so nothing would be used; raise one",
        );
    }
    spec.base_urls = urls;
    kind(spec, inferred, pointer, report);
}

fn accept(spec: &mut ProviderSpec, base: &mut BaseUrl, address: Address, pointer: &str, report: &mut Report) {
    if address.cut {
        report.warn_at(pointer, &format!("the endpoint's own path was cut off; write {}", address.url));
    }
    if let Some(version) = address.api_version {
        spec.api_version.get_or_insert(version);
    }
    clouds::take_up(spec, address.kind, address.project, address.region);
    base.url = address.url;
}

/// Settles the kind, and the addresses that follow from it.
fn kind(spec: &mut ProviderSpec, inferred: Option<ProviderKind>, pointer: &str, report: &mut Report) {
    let wrong_address = report.has_problem_in(&format!("{pointer}/base_url"))
        || report.has_problem_in(&format!("{pointer}/base_urls"));
    let Some(kind) = spec.kind.or(inferred) else {
        if !wrong_address {
            let message = "cannot be told without an address; give `kind` or `base_url`";
            report.problem(&format!("{pointer}/kind"), message);
        }
        return;
    };
    spec.kind = Some(kind);
    if spec.base_urls.is_empty() && !wrong_address {
        let public = kind.base_url().map(str::to_owned).or_else(|| clouds::address(spec, kind));
        spec.base_urls.extend(public.map(|url| BaseUrl { url, weight: 1 }));
    }
    match kind.family() {
        Family::Demo => spec.base_urls.clear(),
        Family::Anthropic => spec.base_urls.iter_mut().for_each(drop_version),
        _ => {}
    }
    clouds::check(spec, kind, pointer, report);
    let is_missing = spec.base_urls.is_empty() && !wrong_address;
    if is_missing && !matches!(kind.family(), Family::Demo | Family::Bedrock) {
        report.problem(&format!("{pointer}/base_url"), format!("must be given for the kind `{kind}`"));
    }
}

/// The version is part of Anthropic's endpoints (`/v1/messages`), as its SDKs have it.
fn drop_version(base: &mut BaseUrl) {
    if let Some(url) = base.url.strip_suffix("/v1") {
        base.url = url.to_owned();
    }
}

fn models(spec: &mut ProviderSpec, pointer: &str, report: &mut Report) {
    let Some(models) = &mut spec.models else {
        if let Some(kind) = spec.kind.filter(|kind| !kind.lists_models()) {
            let message = format!(
                "`{kind}` cannot be asked for its models: name them in `models`, or it is asked for every model that nobody offers"
            );
            report.warn_at(pointer, &message);
        }
        return;
    };
    if models.is_empty() {
        report
            .warn_at(&format!("{pointer}/models"), "offers nothing; leave `models` out to ask the provider");
    }
    let mut seen = HashSet::new();
    for (index, model) in models.iter().enumerate() {
        let place = format!("{pointer}/models/{index}");
        if model.name.trim().is_empty() || model.public().trim().is_empty() {
            report.problem(&place, "a model's name must not be empty");
        } else if !seen.insert((model.name.clone(), model.public().to_owned())) {
            report.warn_at(&place, &format!("`{}` is listed twice; once is enough", model.public()));
        }
        timeouts(&model.timeouts, &format!("{place}/timeouts"), report);
    }
    let mut fresh = HashSet::new();
    models.retain(|model| fresh.insert((model.name.clone(), model.public().to_owned())));
}

fn headers(spec: &ProviderSpec, pointer: &str, report: &mut Report) {
    for (name, value) in &spec.headers {
        let place = child(&format!("{pointer}/headers"), name);
        require_header_name(name, &place, report);
        if HeaderValue::from_str(value).is_err() {
            report.problem(&place, "a header's value takes printable ASCII characters only");
        }
    }
    let lists =
        [("remove_headers", Some(&spec.remove_headers)), ("forward_headers", spec.forward_headers.as_ref())];
    for (field, names) in lists {
        for (index, name) in names.into_iter().flatten().enumerate() {
            require_header_name(name, &format!("{pointer}/{field}/{index}"), report);
        }
    }
}

fn require_header_name(name: &str, pointer: &str, report: &mut Report) {
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        report.problem(pointer, "not a header's name: use letters, digits and `-`");
    }
}

/// Reports what is no address of a proxy, at the field `proxy` below `pointer`.
pub(super) fn proxy(proxy: Option<&Secret>, pointer: &str, report: &mut Report) {
    let Some(proxy) = proxy else { return };
    let known = |url: Url| ["http", "https", "socks5", "socks5h"].contains(&url.scheme()) && url.has_host();
    if !Url::parse(proxy.expose()).is_ok_and(known) {
        let message = "expected an address such as http://proxy:3128 or socks5://user:password@proxy:1080";
        report.problem(&format!("{pointer}/proxy"), message);
    }
}
