using System.Text.Json.Nodes;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;
using Amoe.Host.Api.Commands;
using Amoe.Host.Api.Lists;
using Amoe.Host.Api.Persons;
using Amoe.Host.Api.Streams;
using Amoe.Host.Http;
using Microsoft.OpenApi;

namespace Amoe.Host.Api;

/// <summary>
/// The OpenAPI description of the API, made of the definitions of its commands (<see cref="ApiCommands"/>): what it
/// says of a command is what is read.
/// </summary>
internal static class ApiDescription
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string Csv = "text/csv";
    private const string Key = "key";
    private const string ProblemName = "Problem";
    private const string AnswerName = "Answer";
    private const string LineName = "Line";

    public static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "amoe",
            Version = "v1",
            Description = "Morocco's compulsory student health insurance: enrolment and claims. A command is answered once what it led to is durable. "
                + "Its id is its name, reference and attempt within the student: the same command again has its first answer, and other content under the same id is a conflict.",
        };

        // Where it is reached, a reader of the description knows.
        document.Servers = [];
        document.Tags = new HashSet<OpenApiTag>
        {
            new() { Name = "Students" },
            new() { Name = "Claims" },
            new() { Name = "Persons" },
            new() { Name = "Streams" },
            new() { Name = "Host" }
        };
        document.Components = new OpenApiComponents
        {
            SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Key] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "A key of amoe keys create, or a token of the configured authority."
                },
            },
            Schemas = new Dictionary<string, IOpenApiSchema>
            {
                [LineName] = ApiSchemas.Of(ApiCommands.LineFields),
                [ProblemName] = ApiSchemas.Problem(),
                [AnswerName] = ApiSchemas.Answer()
            },
        };
        document.Security = [new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(Key, document)] = []
        }];
        document.Paths = [];
        foreach (var command in ApiCommands.All.Where(command => !command.IsQuestion))
            document.Paths.Add(PathOf(command), PathOf(document, command));
        AddQuestions(document);
        AddPersons(document);
        AddStreams(document);
        AddPages(document);
    }

    private static string PathOf(ApiCommand command) => command.To == Addressee.Claim
        ? $"/v1/students/{{student}}/claims/{{claim}}/{command.Name}"
        : $"/v1/students/{{student}}/{command.Name}";

    private static OpenApiPathItem PathOf(OpenApiDocument document, ApiCommand command)
    {
        // What the path says is not in the body.
        ApiField[] fields = [.. command.Table.Fields.Where(field =>
            field.Slot is not (Slot.Command or Slot.Student or Slot.Known)
                && (command.To == Addressee.Student || field != ApiFields.Claim))];
        var body = ApiSchemas.Of(fields);
        var example = JsonNode.Parse(command.Example)!.AsObject();
        foreach (var name in example.Select(member => member.Key)
            .Where(name => !Array.Exists(fields, field => field.Name == name))
            .ToList())
            example.Remove(name);
        return Path(HttpMethod.Post, new OpenApiOperation
        {
            OperationId = command.Name,
            Summary = command.Text,
            Tags = Tag(document, command.To == Addressee.Claim ? "Claims" : "Students"),
            Parameters = [
                Number("student", "The student's number."),
                .. command.To == Addressee.Claim
                    ? [Number("claim", "The sheet's number.")]
                    : Array.Empty<IOpenApiParameter>(),
                IdempotencyKey(command)
            ],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Json] = new OpenApiMediaType { Schema = body, Example = example }
                },
            },
            Responses = Responses(document, "What was decided."),
        });
    }

    private static void AddQuestions(OpenApiDocument document)
    {
        document.Paths.Add("/v1/students/{student}", Path(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "ask_student",
            Summary = ApiCommands.Of(CommandKind.AskStudent).Text,
            Tags = Tag(document, "Students"),
            Parameters = [Number("student", "The student's number.")],
            Responses = Responses(document, "How far the student's file has come."),
        }));
        document.Paths.Add("/v1/students/{student}/entitlement", Path(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "ask_entitlement",
            Summary = ApiCommands.Of(CommandKind.AskEntitlement).Text,
            Tags = Tag(document, "Students"),
            Parameters = [
                Number("student", "The student's number."),
                Query(
                    "on", "The day; today if not said.",
                    new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" })
            ],
            Responses = Responses(document, "Whether the student is entitled, and why not."),
        }));
        document.Paths.Add("/v1/students/{student}/claims/{claim}", Path(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "ask_claim",
            Summary = ApiCommands.Of(CommandKind.AskClaim).Text,
            Tags = Tag(document, "Claims"),
            Parameters = [Number("student", "The student's number."), Number("claim", "The sheet's number.")],
            Responses = Responses(document, "How the claim is."),
        }));
    }

    private static void AddPersons(OpenApiDocument document)
    {
        var person = ApiSchemas.Texts([.. PersonJson.Fields]);
        var number = ApiSchemas.Texts(PersonJson.Cin, PersonJson.Massar);
        Add(
            "/v1/persons", HttpMethod.Post, "register_person",
            "Puts a person into the vault and gives the student's number: 201 where the person is new.", person);
        Add(
            "/v1/persons/find", HttpMethod.Post, "find_person",
            "Gives the student's number of the person with a CIN or a Massar number.", number, Purpose());
        Add(
            "/v1/entitlement", HttpMethod.Post, "ask_entitlement_of_person",
            "Asks whether the person with a CIN or a Massar number is entitled on a day (D5).",
            ApiSchemas.Texts(PersonJson.Cin, PersonJson.Massar, "on"));
        Add(
            "/v1/file", HttpMethod.Post, "follow_file",
            "A student follows the own file (D9, K7), without a key: cin, massar and birth_date have to be right together.",
            ApiSchemas.Texts(PersonJson.Cin, PersonJson.Massar, PersonJson.BirthDate, "claim"));
        const string Path = "/v1/students/{student}/person";
        Add(
            Path, HttpMethod.Get, "read_person", "Reads who a student is.", null,
            Number("student", "The student's number."), Purpose());
        Add(
            Path, HttpMethod.Put, "correct_person",
            "Replaces a person's data; the person is found by the former numbers too.", person,
            Number("student", "The student's number."), Purpose());
        Add(
            Path, HttpMethod.Delete, "erase_person",
            "Erases a person for good. What was decided about the student stays.", null,
            Number("student", "The student's number."), Purpose());

        void Add(
            string path, HttpMethod method, string id, string summary, Dictionary<string, IOpenApiSchema>? body,
            params IOpenApiParameter[] parameters)
        {
            var operation = new OpenApiOperation
            {
                OperationId = id,
                Summary = summary,
                Tags = Tag(document, "Persons"),
                Parameters = [.. parameters],
                Responses = Responses(document, "A JSON object.")
            };
            if (body is not null)
            {
                var schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalPropertiesAllowed = false,
                    Properties = body
                };
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [Json] = new OpenApiMediaType { Schema = schema }
                    }
                };
            }

            if (id == "follow_file")
                operation.Security = [];
            if (!document.Paths.TryGetValue(path, out var item))
                document.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
            item.Operations!.Add(method, operation);
        }
    }

    private static OpenApiParameter Purpose() => new()
    {
        Name = PersonEndpoints.PurposeHeader,
        In = ParameterLocation.Header,
        Required = true,
        Description = "Why, for the audit log; nothing personal.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static void AddStreams(OpenApiDocument document)
    {
        document.Paths.Add("/v1/streams/{kind}", Path(HttpMethod.Post, new OpenApiOperation
        {
            OperationId = "post_stream",
            Summary =
                "Takes a command a line, of any number, and answers a line each in their order as it becomes durable.",
            Description = "Each line is an object of a command with \"command\", \"student\" and, to a claim, \"claim\". A line that is no command spoils only itself. "
                + "An institution's list in CSV is a stream of enrolment too, and docs/api-lists.md has its columns. "
                + $"A sender need not read while it sends. The header {StreamEndpoint.IdHeader} of the answer has the stream's id.",
            Tags = Tag(document, "Streams"),
            Parameters =
            [
                new OpenApiParameter
                {
                    Name = "kind",
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = "Commands to students, to claims, to both; or opening balances.",
                    Schema = ApiSchemas.Names([.. SnakeCase<StreamKind>.Names]),
                },
                Query("command", "Of a list in CSV the command of its rows; declare if not said.",
                    ApiSchemas.Names([.. ListColumns.Kinds.Select(CommandJson.NameOf)])),
            ],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [Lines] = Text(), [Csv] = Text() },
            },
            Responses = AnswersOf(document),
        }));
        document.Paths.Add("/v1/streams/{id}/answers", Path(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "get_answers",
            Summary = "Gives the answers of a stream again, as far as there are any, and those that come.",
            Tags = Tag(document, "Streams"),
            Parameters =
            [
                new OpenApiParameter
                {
                    Name = "id",
                    In = ParameterLocation.Path,
                    Required = true,
                    Description = "The stream's id.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String }
                },
                Query(
                    "from", "The number of the first line, from 1.",
                    new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" }),
            ],
            Responses = AnswersOf(document),
        }));
    }

    private static void AddPages(OpenApiDocument document)
    {
        foreach (var (path, id, text) in new[]
        {
            ("/health/live", "is_live", "200 while the process runs."),
            ("/health/ready", "is_ready", "200 while it serves, otherwise 503 and why."),
            ("/v1/state", "get_state", "What the host holds.")
        })
        {
            document.Paths.Add(path, Path(HttpMethod.Get, new OpenApiOperation
            {
                OperationId = id,
                Summary = text,
                Tags = Tag(document, "Host"),
                Security = path == HostPages.State ? null : [],
                Responses = new OpenApiResponses
                {
                    ["200"] = new OpenApiResponse
                    {
                        Description = "A JSON object.",
                        Content = new Dictionary<string, OpenApiMediaType> { [Json] = new OpenApiMediaType() }
                    }
                },
            }));
        }
    }

    private static OpenApiMediaType Text() => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiPathItem Path(HttpMethod method, OpenApiOperation operation) =>
        new() { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [method] = operation } };

    private static HashSet<OpenApiTagReference> Tag(OpenApiDocument document, string name) =>
        [new OpenApiTagReference(name, document)];

    private static OpenApiResponses Responses(OpenApiDocument document, string answer) => new()
    {
        ["200"] = new OpenApiResponse
        {
            Description = answer,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(AnswerName, document) }
            }
        },
        ["400"] = Failed(document, "The body or the path cannot be read: the path of the field, and what would do."),
        ["401"] = Failed(document, "No key, or one that is not known."),
        ["403"] = Failed(document, "The key's role may not do this."),
        ["422"] = Failed(
            document,
            "Refused by a rule of the scheme, with the reason and the rule; or the reference was used before with other content."),
        ["429"] = Failed(document, "Too many requests of this key."),
        ["503"] = Failed(
            document, "Nothing was decided, or it is not known whether it was: send the same again after Retry-After."),
    };

    private static OpenApiResponses AnswersOf(OpenApiDocument document) => new()
    {
        ["200"] = new OpenApiResponse
        {
            Description = "A line each: {\"line\":1,\"outcome\":…}.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Lines] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(AnswerName, document) }
            }
        },
        ["401"] = Failed(document, "No key, or one that is not known."),
        ["404"] = Failed(document, "There is no such stream."),
        ["503"] = Failed(document, "Too many streams run."),
    };

    private static OpenApiResponse Failed(OpenApiDocument document, string text) => new()
    {
        Description = text,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Http.Problem.ContentType] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(ProblemName, document)
            }
        },
    };

    private static OpenApiParameter Number(string name, string text) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = text,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
    };

    private static OpenApiParameter Query(string name, string text, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = text, Schema = schema };

    private static OpenApiParameter IdempotencyKey(ApiCommand command) => new()
    {
        Name = CommandEndpoint.KeyHeader,
        In = ParameterLocation.Header,
        Description = $"Optional: the command's id in print, such as {command.Name}-1.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
