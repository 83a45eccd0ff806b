//! Every part of the protocol that reads or writes a text whose length somebody else decides, at four lengths.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput};
use graph_inbox::protocol::graph::conversations::{Filters, listing};
use graph_inbox::protocol::graph::error::{Expected, ResponseParts};
use graph_inbox::protocol::graph::fields::{Field, Selection};
use graph_inbox::protocol::graph::listing::{Listing, Scope};
use graph_inbox::protocol::graph::paging::without_credentials;
use graph_inbox::protocol::graph::settings::Settings;
use graph_inbox::protocol::graph::usage;
use graph_inbox::protocol::json::Json;
use graph_inbox::protocol::long_integers::quote_long_integers;
use graph_inbox::protocol::secret::{Secret, Secrets};

const LENGTHS: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

const TOO_LONG: Duration = Duration::from_millis(200);

/// As long as Graph's are.
const TOKEN: &str = "EAAGm0PX4ZCpsBAKZCsimulatedZBt0kenThatIsAboutAsLongAsThoseThatGraphGivesOutToPagesWhichHaveAHundred\
    AndEightyCharactersOrMoreOfThisSortZD";

/// Runs all of it.
pub fn run() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .configure_from_args();

    let secrets = secrets();
    measure(&mut criterion, "redaction, nothing to redact", plain, |text| secrets.redact(text).len());
    measure(
        &mut criterion,
        "redaction, percent signs alone",
        |length| "%25".repeat(length / 3),
        |text| secrets.redact(text).len(),
    );
    measure(&mut criterion, "redaction, beginnings of the secret", near_misses, |text| secrets.redact(text).len());
    measure(&mut criterion, "URL without credentials", url, |url| without_credentials(url, &secrets).len());
    measure(&mut criterion, "request, a long cursor", plain_word, |cursor| request_after(cursor));
    measure(&mut criterion, "request, many fields", names, |names| request_for(names));
    measure(&mut criterion, "request, a deep field", nested, |field| parsed(field));
    measure(&mut criterion, "error envelope", envelope, |envelope| judged(envelope, &secrets));
    measure(&mut criterion, "usage headers", usage_header, |header| {
        usage::read::<Parsed>(&|name| name.starts_with("x-business").then(|| header.clone())).len()
    });
    measure(&mut criterion, "long integers", owners, |text| quote_long_integers(text).len());
    criterion.final_summary();
}

/// One benchmark at every length; what `work` returns is not optimised away. After a length that takes too long there is no
/// longer one: it would take minutes to say again how badly it grows.
fn measure<T>(criterion: &mut Criterion, name: &str, make: impl Fn(usize) -> T, work: impl Fn(&T) -> usize) {
    let mut group = criterion.benchmark_group(name);
    for length in LENGTHS {
        let input = make(length);
        group.throughput(Throughput::Bytes(length as u64));
        group.bench_with_input(BenchmarkId::from_parameter(length), &input, |bencher, input| {
            bencher.iter(|| work(black_box(input)));
        });
        let start = Instant::now();
        black_box(work(black_box(&input)));
        if start.elapsed() > TOO_LONG {
            break;
        }
    }
    group.finish();
}

fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    secrets.add(Secret::new(TOKEN));
    secrets.add(Secret::new("0123456789abcdef0123456789abcdef"));
    secrets
}

fn plain(length: usize) -> String {
    filled(length, "Hello, can I still order the almond cake for Saturday? ")
}

fn plain_word(length: usize) -> String {
    filled(length, "QVFIUk5simulated")
}

/// Each time all of the secret but its last character.
fn near_misses(length: usize) -> String {
    filled(length, TOKEN.get(..TOKEN.len() - 1).unwrap_or_default())
}

fn filled(length: usize, piece: &str) -> String {
    let mut text = piece.repeat(length / piece.len() + 1);
    text.truncate(length);
    text
}

fn url(length: usize) -> String {
    format!("https://graph.facebook.com/v25.0/1/conversations?{}", filled(length, "access_token=EAAB&after=QVFI&"))
}

fn names(length: usize) -> Vec<String> {
    (0..length / 10).map(|number| format!("field{number:05}")).collect()
}

fn nested(length: usize) -> String {
    format!("messages.limit(5){{{}id}}", filled(length / 8 * 8, "message,"))
}

fn envelope(length: usize) -> Parsed {
    let error =
        serde_json::json!({ "message": plain(length), "type": "OAuthException", "code": 190, "fbtrace_id": "A" });
    Parsed(serde_json::json!({ "error": error }))
}

fn usage_header(length: usize) -> String {
    let reading =
        r#"{"type":"messenger","call_count":12,"total_cputime":3,"total_time":4,"estimated_time_to_regain_access":0}"#;
    let readings = vec![reading; length / reading.len() + 1];
    format!(r#"{{"102938475601928":[{}]}}"#, readings.join(","))
}

fn owners(length: usize) -> String {
    filled(length, r#"{"thread_owner":{"app_id":263902037430900123,"expiration":1900000000}},"#)
}

fn conversations() -> Option<Listing> {
    let settings = Settings::new("102938475601928", None, None).ok()?;
    listing(&settings, &Filters::default()).ok()
}

fn request_after(cursor: &str) -> usize {
    conversations().map_or(0, |listing| {
        let request = listing.request(Scope { limit: Some(100), cursor: Some(cursor), ..Scope::default() });
        request.url("https://graph.facebook.com", &[("access_token", TOKEN)]).len()
    })
}

fn request_for(names: &[String]) -> usize {
    let mut selection = Selection::default();
    for name in names {
        let _ = Field::parse(name).and_then(|field| selection.add(field));
    }
    conversations().map_or(0, |mut listing| {
        listing.select_fields(selection);
        listing.request(Scope::default()).target().len()
    })
}

fn parsed(field: &str) -> usize {
    Field::parse(field).is_ok().into()
}

fn judged(envelope: &Parsed, secrets: &Secrets) -> usize {
    let answer = ResponseParts { status: 400, body: Some(envelope.clone()), is_cut: false, header: &|_| None };
    answer.into_body(Expected::Object, secrets, &String::new).map_or_else(|failure| failure.message.len(), |_| 0)
}

/// JSON as the host would hand it over.
#[derive(Clone)]
struct Parsed(serde_json::Value);

impl Json for Parsed {
    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
    fn get(&self, name: &str) -> Option<Self> {
        self.0.as_object()?.get(name).cloned().map(Self)
    }
    fn members(&self) -> Vec<(String, Self)> {
        let members = self.0.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.clone(), Self(value.clone()))).collect()
    }
    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().cloned().map(Self).collect())
    }
    fn text(&self) -> Option<String> {
        self.0.as_str().map(str::to_owned)
    }
    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }
    fn is_null(&self) -> bool {
        self.0.is_null()
    }
    fn is_object(&self) -> bool {
        self.0.is_object()
    }
}
