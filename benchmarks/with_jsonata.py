"""The four conversions as JSONata expressions, run by jsonata-python.

Two functions are lent to the expressions: `$utc`, because JSONata's own times know no leap seconds and no year 0, and
`$absolute`, because it cannot resolve a reference. They are those of the hand-written functions.
"""

from __future__ import annotations

from collections.abc import Callable

from jsonata import Jsonata  # type: ignore[import-untyped]

from benchmarks.handwritten import Json, links_from, utc

__all__ = [
    "EGAIN_TO_KHOROS",
    "SOCIALGATEWAY_TO_KHOROS",
    "egain_to_khoros",
    "khoros_to_telecomx",
    "socialgateway_to_khoros",
    "telecomx_to_khoros",
]


def _compiled(text: str, **functions: Callable[[str], str]) -> Callable[[Json], Json]:
    expression = Jsonata(text)
    for name, function in functions.items():
        expression.register_lambda(name, function)
    evaluate: Callable[[Json], Json] = expression.evaluate
    return evaluate


telecomx_to_khoros = _compiled(
    """
    (
      $name := customerName;
      $email := emailAddress;
      $times := messages.sent.$utc($);
      $created := $exists(createdAt) ? $utc(createdAt) : $sort($times)[0];
      $prefix := "#" & caseNumber & " ";
      $stripped := $substring(subject, 0, $length($prefix)) = $prefix
        ? $substring(subject, $length($prefix)) : subject;
      $first := (messages[$not(type = "COMMENT") and $exists(content)])[0].content;
      $remark := messages.content[0];
      $status := {"UNHANDLED": "open", "HANDLING": "open", "CLOSED": "closed"};
      $kinds := {"INCOMING": "email", "OUTGOING": "email", "COMMENT": "note"};
      {
        "id": _id,
        "number": $exists(caseNumber) ? $string(caseNumber) : _id,
        "customerId": $exists(customer) ? customer : emailAddress,
        "title": $exists($stripped) ? $stripped : $exists($first) ? $first : $remark,
        "description": $exists($first) ? $first : $exists($stripped) ? $stripped : $remark,
        "url": "about:blank",
        "lastUpdated": $exists($times) ? $sort($times)[-1] : $created,
        "created": $created,
        "status": $lookup($status, state),
        "interactions": $exists(messages) ? [messages.(
          $by_customer := $exists($email) and sentBy = $name;
          $sender := $exists(sentBy) ? sentBy : "";
          {
            "created": $exists(sent) ? $utc(sent) : $created,
            "body": $exists(content) ? content : "",
            "linkUrl": "",
            "serviceId": $exists(messageId) ? messageId : $exists(internetMessageId) ? internetMessageId : "",
            "service": "email",
            "contentType": $exists(type) ? $lookup($kinds, type) : "",
            "author": $exists(type) ? {
              "service": "email",
              "serviceId": $by_customer ? $email : "",
              "handle": $by_customer ? $email : $sender,
              "name": $sender,
              "brandOwned": type != "INCOMING"
            }
          }
        )]
      }
    )
    """,
    utc=utc,
)


EGAIN_TO_KHOROS = """
    (
      $id := $string(id);
      $numbers := customAttributes.customAttribute[attribName = "case_number"];
      $number := $numbers[0].attribValues.attribValue[0].value;
      $suffix := " [#" & $id & "]";
      $end := $length(subject) - $length($suffix);
      $title := $substring(subject, $end) = $suffix ? $substring(subject, 0, $end) : subject;
      $href := (link[rel = "self"])[0].href;
      $modified := $exists(lastModified.date) ? $utc(lastModified.date);
      $merge([
        {
          "id": $id,
          "number": $exists($number) ? $string($number) : $id,
          "customerId": customer.id,
          "title": $exists($title) ? $title : description,
          "description": $exists(description) ? description : $title,
          "url": $exists($href) ? $absolute($href) : "about:blank",
          "lastUpdated": $modified,
          "created": $modified,
          "status": status.value in ["open", "closed"] ? status.value,
          "severity": severity.value
        },
        customAttributes.customAttribute[attribName != "case_number"] {attribName: attribValues.attribValue.value}
      ])
    )
"""


def egain_to_khoros(base_url: str) -> Callable[[Json], Json]:
    """What converts an eGain case to a Khoros case; eGain's relative links start at `base_url`."""
    return _compiled(EGAIN_TO_KHOROS, utc=utc, absolute=links_from(base_url))


SOCIALGATEWAY_TO_KHOROS = """
    (
      $known := [
        "id", "first_open_date", "reopened", "last_open_date", "inbox_date", "campaign", "source", "private", "subject",
        "contact", "state", "credits", "we_did_not_reply_since_date", "handling_ms", "sla_seconds", "messages_sent",
        "messages_received", "messages", "url", "tags", "creation_date", "update_date", "updated_by", "data"
      ];
      $states := {"Arrived": "open", "Open": "open", "Closed": "closed"};
      ($exists(data) ? data : $).(
        $id := $string(id);
        $address := (contact.profiles[source = "email" and $exists(ext_id)])[0].ext_id;
        $title := $exists(subject) ? subject : contact.notes.text[0];
        $updated := $exists(update_date) ? $utc(update_date);
        $created := $exists(creation_date) ? $utc(creation_date)
          : $exists(first_open_date) ? $utc(first_open_date) : $updated;
        $service := $exists(source) ? source : "";
        $merge([
          {
            "id": $id,
            "number": $id,
            "customerId": $exists(contact.id) ? $string(contact.id)
              : $exists(contact.client_id) ? contact.client_id : $address,
            "title": $title,
            "description": $title,
            "url": $exists(url) ? url : "about:blank",
            "lastUpdated": $exists($updated) ? $updated : $created,
            "created": $created,
            "status": $lookup($states, state),
            "interactions": $exists(contact.notes) ? [contact.notes.{
              "created": $exists(date) ? $fromMillis(date) : $created,
              "body": $exists(text) ? text : "",
              "linkUrl": "",
              "serviceId": "",
              "service": $service,
              "contentType": "note",
              "author": $exists(userName) ? {
                "service": $service,
                "serviceId": "",
                "handle": userName,
                "name": userName,
                "brandOwned": true
              }
            }]
          },
          $sift($, function($value, $name) { $not($name in $known) })
        ])
      )
    )
"""
socialgateway_to_khoros = _compiled(SOCIALGATEWAY_TO_KHOROS, utc=utc)

khoros_to_telecomx = _compiled(
    """
    (
      $is_number := $contains(number, /^(0|[1-9][0-9]*)$/);
      {
        "_id": id,
        "caseNumber": $is_number ? $number(number),
        "subject": $is_number and number != id ? "#" & number & " " & title : title,
        "state": status = "closed" ? "CLOSED" : "HANDLING",
        "createdAt": $utc(created),
        "customer": customerId,
        "messages": $exists(interactions) ? [interactions.{
          "messageId": serviceId != "" ? serviceId,
          "content": body,
          "sent": $utc(created),
          "sentBy": author.name,
          "type": contentType = "note" and $not(author.brandOwned = false) ? "COMMENT"
            : $exists(author) ? (author.brandOwned ? "OUTGOING" : "INCOMING")
        }]
      }
    )
    """,
    utc=utc,
)
