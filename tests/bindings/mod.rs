//! The bindings as JavaScript calls them, with a `fetch` that answers from a list: no server, any runtime.
//!
//! `in_node.rs` and `in_browser.rs` run the same tests, so that both hosts are known to behave alike.
// A test says what it expected by failing.
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use graph_inbox::{Client, list_of, meta_of, thread_owner_of};
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(module = "/src/host/first-page.js")]
extern "C" {
    type FirstPage;
    #[wasm_bindgen(constructor)]
    fn new() -> FirstPage;
}

const TOKEN: &str = "12|EAATESTTOKEN";

/// A client whose `fetch` gives these `[status, body]` one after the other and keeps what it was called with.
struct Graph {
    options: JsValue,
    calls: Array,
}

impl Graph {
    fn new(answers: &str) -> Self {
        let calls = Array::new();
        let fetch = Function::new_with_args(
            "answers, calls",
            "return async (url, init) => {
                calls.push([url, init]);
                const [status, body] = answers.shift();
                return new Response(body, { status, headers: { 'facebook-api-version': 'v25.0' } });
            };",
        );
        let answers = JSON::parse(answers).expect("JSON");
        let fetch = fetch.call2(&JsValue::UNDEFINED, &answers, &calls).expect("a function");
        let options = json(&format!(r#"{{"pageId":"106","accessToken":"{TOKEN}"}}"#));
        put(&options, "fetch", &fetch);
        Self { options, calls }
    }

    fn client(&self) -> Client {
        Client::new(&self.options).expect("good options")
    }

    fn url(&self, call: u32) -> String {
        Array::from(&self.calls.get(call)).get(0).as_string().expect("a URL")
    }

    fn init(&self, call: u32) -> JsValue {
        Array::from(&self.calls.get(call)).get(1)
    }
}

fn json(text: &str) -> JsValue {
    JSON::parse(text).expect("JSON")
}

fn put(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).expect("an object");
}

fn pick(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

fn text(object: &JsValue, name: &str) -> String {
    pick(object, name).as_string().unwrap_or_default()
}

fn written(value: &JsValue) -> String {
    JSON::stringify(value).expect("a JSON value").into()
}

async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// In a browser requests go out under an origin.
fn in_browser() -> bool {
    pick(&js_sys::global(), "origin").is_string()
}

#[wasm_bindgen_test]
async fn the_token_travels_as_the_host_needs_it() {
    let graph = Graph::new(r#"[[200, "{\"data\":[]}"]]"#);
    settled(graph.client().thread_owner(&"42".into(), &JsValue::UNDEFINED)).await.expect("an owner");
    let plain = "https://graph.facebook.com/v25.0/106/thread_owner?recipient=42";
    let headers = pick(&graph.init(0), "headers");
    if in_browser() {
        assert_eq!(graph.url(0), format!("{plain}&access_token=12%7CEAATESTTOKEN"));
        assert!(headers.is_undefined(), "a header would cost a preflight");
    } else {
        assert_eq!(graph.url(0), plain);
        assert_eq!(text(&headers, "Authorization"), format!("Bearer {TOKEN}"));
    }
    assert_eq!(text(&graph.init(0), "redirect"), "manual");
    assert_eq!(text(&graph.init(0), "method"), "GET");
}

#[wasm_bindgen_test]
async fn the_app_secret_stays_out_of_browsers() {
    let graph = Graph::new(r#"[[200, "{}"]]"#);
    put(&graph.options, "appSecret", &"0123456789abcdef0123456789abcdef".into());
    match Client::new(&graph.options) {
        Ok(client) => {
            assert!(!in_browser());
            settled(client.thread_owner(&"42".into(), &JsValue::UNDEFINED)).await.expect("an owner");
            assert!(graph.url(0).contains("&appsecret_proof="), "{}", graph.url(0));
        }
        Err(error) => {
            assert!(in_browser());
            assert_eq!(text(&error, "option"), "appSecret");
        }
    }
}

#[wasm_bindgen_test]
async fn an_owner_keeps_every_digit() {
    let graph = Graph::new(
        r#"[[200, "{\"data\":[{\"thread_owner\":{\"app_id\":18446744073709551615,\"expiration\":1792387200}}]}"]]"#,
    );
    let owner = settled(graph.client().thread_owner(&"42".into(), &JsValue::UNDEFINED)).await.expect("an owner");
    assert_eq!(
        written(&owner),
        r#"{"recipient":"42","state":"owned","app_id":"18446744073709551615","role":"other_app","expiration":1792387200}"#
    );
}

#[wasm_bindgen_test]
async fn what_is_unknown_of_an_owner_is_null() {
    let graph = Graph::new(r#"[[200, "{\"data\":[]}"]]"#);
    put(&graph.options, "recipient", &"42".into());
    let owner = settled(thread_owner_of(&graph.options)).await.expect("an owner");
    assert_eq!(written(&owner), r#"{"recipient":"42","state":"idle","app_id":null,"role":null,"expiration":null}"#);
}

#[wasm_bindgen_test]
async fn a_page_is_graphs_own_but_for_credentials() {
    let graph = Graph::new(
        r#"[[200, "{\"data\":[{\"id\":\"t_1\",\"messages\":{\"data\":[],\"paging\":{\"next\":\"https://x/?access_token=12%7CEAATESTTOKEN&a=1\"}}}],\"paging\":{\"cursors\":{\"after\":\"A\"},\"next\":\"https://x/?limit=1&access_token=12%7CEAATESTTOKEN\"}}"]]"#,
    );
    let walk = graph.client().list(&JsValue::UNDEFINED, Some(false)).walk(None, JsValue::UNDEFINED).expect("a list");
    let page = settled(walk.page(JsValue::UNDEFINED, &FirstPage::new())).await.expect("a page");
    assert_eq!(
        written(&pick(&page, "data")),
        r#"[{"id":"t_1","messages":{"data":[],"paging":{"next":"https://x/?a=1"}}}]"#
    );
    assert_eq!(written(&pick(&page, "paging")), r#"{"cursors":{"after":"A"},"next":"https://x/?limit=1"}"#);
    assert_eq!(text(&page, "next"), "A");
    let number = |name| pick(&page, name).as_f64().expect("a number");
    let meta = meta_of(number("status") as u16, number("attempts") as u32, &text(&page, "headers"));
    assert_eq!(written(&meta), r#"{"status":200,"attempts":1,"apiVersion":"v25.0","usage":[]}"#);
}

#[wasm_bindgen_test]
async fn a_walk_follows_cursors_and_gives_each_conversation_once() {
    let graph = Graph::new(
        r#"[[200, "{\"data\":[{\"id\":\"t_1\"},{\"id\":\"t_2\"}],\"paging\":{\"next\":\"https://x/?after=A%3D\"}}"],
            [200, "{\"data\":[{\"id\":\"t_2\"},{\"id\":\"t_3\"}],\"paging\":{\"cursors\":{\"after\":\"A=\"},\"next\":\"https://x\"}}"]]"#,
    );
    put(&graph.options, "limit", &2.into());
    put(&graph.options, "callsPerSecond", &false.into());
    let walk = list_of(&graph.options).walk(Some(false), JsValue::UNDEFINED).expect("a list");
    let first_page = FirstPage::new();
    let new_items = |delivery: JsValue| written(&pick(&delivery, "1"));
    let first = settled(walk.advance(first_page.clone().unchecked_into())).await.expect("a page");
    assert_eq!(new_items(first), r#"[{"id":"t_1"},{"id":"t_2"}]"#);
    let second = settled(walk.advance(first_page.clone().unchecked_into())).await.expect("a page");
    assert_eq!(new_items(second), r#"[{"id":"t_3"}]"#);
    assert!(graph.url(1).contains("/conversations?limit=2&after=A%3D"), "{}", graph.url(1));
    let circle = settled(walk.advance(first_page.clone().unchecked_into())).await.expect_err("the cursor came before");
    assert_eq!(text(&circle, "kind"), "response");
    assert_eq!(graph.calls.length(), 2);
}

#[wasm_bindgen_test]
async fn errors_are_errors_of_javascript() {
    let graph = Graph::new(
        r#"[[400, "{\"error\":{\"code\":\"190\",\"message\":\"bad 12|EAATESTTOKEN\"}}"], [502, "<html>"], [200, "nope"]]"#,
    );
    put(&graph.options, "maxRetries", &0.into());
    let client = graph.client();
    let mut kinds = Vec::new();
    for _ in 0..3 {
        let error = settled(client.thread_owner(&"42".into(), &JsValue::UNDEFINED)).await.expect_err("an error");
        assert!(error.is_instance_of::<js_sys::Error>());
        assert_eq!(pick(&error, "cause"), JsValue::UNDEFINED);
        kinds.push([text(&error, "name"), text(&error, "kind"), text(&error, "message"), text(&error, "body")]);
    }
    assert_eq!(kinds[0], ["GraphError", "authentication", "bad [redacted]", ""].map(str::to_owned));
    assert_eq!(kinds[1][..2], ["InboxError", "transient"].map(str::to_owned));
    assert_eq!([&kinds[2][1], &kinds[2][3]], ["response", "nope"]);
}

#[wasm_bindgen_test]
fn wrong_options_throw_and_wrong_parameters_wait() {
    let error = Client::new(&Object::new()).err().expect("no page");
    assert_eq!([text(&error, "kind"), text(&error, "option")], ["invalid_option", "pageId"]);
    let list = Graph::new("[]").client().list(&json(r#"{"since":1}"#), Some(false));
    let error = list.walk(Some(false), JsValue::UNDEFINED).err().expect("no such option");
    assert_eq!(text(&error, "option"), "since");
}

#[wasm_bindgen_test]
async fn an_abort_rejects_with_its_own_reason() {
    let graph = Graph::new("[]");
    let controller = web_sys::AbortController::new().expect("a controller");
    let options = Object::new();
    put(&options, "signal", &controller.signal());
    put(&graph.options, "fetch", &Function::new_no_args("return new Promise(() => {})"));
    let promise = graph.client().thread_owner(&"42".into(), &options);
    controller.abort_with_reason(&"left".into());
    assert_eq!(settled(promise).await, Err("left".into()));
}

#[wasm_bindgen_test]
async fn a_hundred_calls_at_once() {
    let answer = r#"[200, "{\"data\":[{\"id\":\"t_1\"}]}"]"#;
    let graph = Graph::new(&format!("[{}]", vec![answer; 100].join(",")));
    put(&graph.options, "callsPerSecond", &false.into());
    let client = graph.client();
    let walks: Vec<_> = (0..100)
        .map(|_| client.list(&JsValue::UNDEFINED, Some(false)).walk(None, JsValue::UNDEFINED).expect("a list"))
        .collect();
    let pages: Array =
        walks.iter().map(|walk| JsValue::from(walk.page(JsValue::UNDEFINED, &FirstPage::new()))).collect();
    let pages: Array = settled(Promise::all(pages.unchecked_ref())).await.expect("all of them").unchecked_into();
    assert_eq!(pages.length(), 100);
}
