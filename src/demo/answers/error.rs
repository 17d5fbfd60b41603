//! Errors as the services word them.

use serde_json::json;

/// An error of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct ServiceError {
    pub(in super::super) status: u16,
    pub(in super::super) code: String,
    pub(in super::super) message: String,
}

/// Errors that all JSON services share; their type names another namespace than DynamoDB's own.
const SHARED: &[&str] = &[
    "AccessDeniedException",
    "ExpiredTokenException",
    "InternalServerError",
    "SerializationException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
    "ValidationException",
];

impl ServiceError {
    pub(in super::super) fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into() }
    }

    pub(in super::super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(400, "ResourceNotFoundException", message)
    }

    pub(in super::super) fn unknown_operation(operation: &str) -> Self {
        Self::new(400, "UnknownOperationException", format!("Unknown operation: {operation}"))
    }

    /// In the JSON protocols of DynamoDB and KMS. DynamoDB spells `Message` large in denials.
    pub(in super::super) fn json(&self) -> String {
        let space = if SHARED.contains(&self.code.as_str()) {
            "com.amazon.coral.service"
        } else {
            "com.amazonaws.dynamodb.v20120810"
        };
        let word = if self.code == "AccessDeniedException" { "Message" } else { "message" };
        json!({ "__type": format!("{space}#{}", self.code), word: self.message }).to_string()
    }

    /// In the query protocol of STS, which leaves `Exception` off the shared codes and answers 403 to who
    /// may not.
    pub(in super::super) fn query(&self) -> (u16, String) {
        let (status, code) = match self.code.as_str() {
            "AccessDeniedException" => (403, "AccessDenied"),
            "ExpiredTokenException" => (403, "ExpiredToken"),
            "UnrecognizedClientException" => (403, "InvalidClientTokenId"),
            "UnknownOperationException" => (400, "InvalidAction"),
            "ThrottlingException" => (400, "Throttling"),
            "InternalServerError" => (500, "InternalFailure"),
            other => (self.status, other),
        };
        let message = xml_text(&self.message);
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
             <Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
        );
        (status, body)
    }
}

/// Text between tags.
pub(super) fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
