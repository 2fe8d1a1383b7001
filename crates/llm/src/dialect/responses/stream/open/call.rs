//! A call of a tool that is being written.

use std::borrow::Cow;

use crate::convert::Asked;
use crate::dialect::responses::output::{self, Form, Known};
use crate::dialect::responses::stream::sink::{Fields, Place};
use crate::dialect::responses::wire::{Item, Status};

/// A call of a tool that is being written.
#[derive(Debug)]
pub(in crate::dialect::responses::stream) struct Calling {
    id: String,
    call_id: String,
    name: String,
    form: Form,
    arguments: String,
    is_closed: bool,
}

impl Calling {
    /// Begins a call.
    pub(in crate::dialect::responses::stream) fn new(
        asked: &Asked,
        call_id: String,
        name: String,
        form: Form,
        place: &mut Place<'_>,
    ) -> Self {
        let id = form.item_id(asked, None, place.index).into_owned();
        let call = Self { id, call_id, name, form, arguments: String::new(), is_closed: false };
        place.added(&call.with(asked, Status::InProgress, Cow::Borrowed("")));
        call
    }

    /// Adds to the input; one that must be unwrapped is told when it is whole.
    pub(super) fn arguments(&mut self, delta: &str, place: &mut Place<'_>) {
        self.arguments.push_str(delta);
        if self.form != Form::Wrapped {
            self.delta(delta, place);
        }
    }

    pub(super) fn close(&mut self, place: &mut Place<'_>) {
        if self.is_closed {
            return;
        }
        self.is_closed = true;
        let input = self.form.input(&self.arguments);
        if self.form == Form::Wrapped || self.arguments.is_empty() {
            self.delta(&input, place);
        }
        let at = Fields { item_id: Some(&self.id), ..Fields::default() };
        if self.form == Form::Function {
            place.emit("response.function_call_arguments.done", &Fields { arguments: Some(&input), ..at });
        } else {
            place.emit("response.custom_tool_call_input.done", &Fields { input: Some(&input), ..at });
        }
    }

    pub(super) fn item<'a>(&'a self, asked: &'a Asked, status: Status) -> Item<'a> {
        self.with(asked, status, self.form.input(&self.arguments))
    }

    fn with<'a>(&'a self, asked: &'a Asked, status: Status, input: Cow<'a, str>) -> Item<'a> {
        let known = Known { call_id: &self.call_id, name: &self.name, form: self.form };
        output::call(asked, known, Cow::Borrowed(&self.id), status, input)
    }

    fn delta(&self, delta: &str, place: &mut Place<'_>) {
        if delta.is_empty() {
            return;
        }
        let kind = match self.form {
            Form::Function => "response.function_call_arguments.delta",
            Form::Custom | Form::Wrapped => "response.custom_tool_call_input.delta",
        };
        let fields = Fields { item_id: Some(&self.id), delta: Some(delta), ..Fields::default() };
        place.emit(kind, &fields);
    }
}
