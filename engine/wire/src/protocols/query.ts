import { readParameters } from "../codec/query-parameters.ts";
import { escapeXml, writeXml } from "../codec/write-xml.ts";
import type { AwsError } from "../error.ts";
import type { OperationModel } from "../service-model.ts";
import { type Answer, type AnswerContext, errorStatus, type OperationCall, type Protocol } from "./protocol.ts";
import { readForm } from "./query-form.ts";

const headers = { "content-type": "text/xml" };

/** The query protocol (STS, IAM, SNS, old CloudWatch clients): a form in, XML out. */
export const query: Protocol = {
  family: "query",
  validationCode: "ValidationError",
  readInput({ operation, query: pairs, body, nestingDepth }: OperationCall) {
    return operation.input === undefined ? {} : readParameters(operation.input, readForm(pairs, body), nestingDepth);
  },
  writeOutput({ name, output: shape }: OperationModel, output: unknown, { requestId, model }: AnswerContext): Answer {
    const namespace = model?.xmlNamespace === undefined ? "" : ` xmlns="${escapeXml(model.xmlNamespace)}"`;
    const result = shape === undefined ? "" : writeXml(shape, output ?? {}, { name: `${name}Result` });
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return { status: 200, headers, body: `<${name}Response${namespace}>${result}${metadata}</${name}Response>` };
  },
  writeError(error: AwsError, { requestId, model }: AnswerContext): Answer {
    const [code, status] = model?.errors.get(error.code)?.traits.awsQueryError ?? [
      error.code,
      errorStatus(error, model),
    ];
    const namespace = model?.xmlNamespace === undefined ? "" : ` xmlns="${escapeXml(model.xmlNamespace)}"`;
    const type = status < 500 ? "Sender" : "Receiver";
    const content = `<Type>${type}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>`;
    return {
      status,
      headers,
      body: `<ErrorResponse${namespace}><Error>${content}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  },
};
