using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using SkPeft.Http.Requests;

namespace SkPeft.Http.OpenApi;

/// <summary>Writes what an endpoint's body is checked against into the OpenAPI document: one table for both.</summary>
internal static partial class BodySchemas
{
    /// <summary>The name of the document: <c>/openapi/v1.json</c>.</summary>
    public const string Document = "v1";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "SkPeft", Version = Document,
                Description = "One frozen model, a task module for every skill. OpenAI's API, and what an operator needs (/admin, on an address of its own).",
            };

            // What the server is called from outside is not for it to say.
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            IList<object> metadata = context.Description.ActionDescriptor.EndpointMetadata;
            if (metadata.OfType<ParameterTable>().FirstOrDefault() is { } table)
            {
                operation.RequestBody = BodyOf("application/json", SchemaOf(table));
            }
            else if (metadata.OfType<BinaryBody>().FirstOrDefault() is { } binary)
            {
                operation.RequestBody = BodyOf(binary.ContentType, new OpenApiSchema());
            }

            // The endpoints read them from the route themselves, so nobody else tells the document.
            foreach (Match name in PathParameter().Matches(context.Description.RelativePath ?? ""))
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name.Groups["name"].Value, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            return Task.CompletedTask;
        });
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}")]
    private static partial Regex PathParameter();

    private static OpenApiRequestBody BodyOf(string type, OpenApiSchema schema) =>
        new() { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [type] = new() { Schema = schema } } };

    private static OpenApiSchema SchemaOf(ParameterTable table) => new()
    {
        Title = table.Name,
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Required = table.Parameters.Where(p => p.IsRequired).Select(p => p.Name).ToHashSet(),
        Properties = table.Parameters.Where(p => p.Fate != ParameterFate.Refused).ToDictionary(p => p.Name, IOpenApiSchema (p) => SchemaOf(p)),
    };

    private static OpenApiSchema SchemaOf(Parameter parameter)
    {
        OpenApiSchema schema = new()
        {
            Description = parameter.Fate == ParameterFate.Ignored ? $"Accepted and passed over. {parameter.Summary}" : parameter.Summary,
            Type = parameter.Kind switch
            {
                ParameterKind.Text => JsonSchemaType.String,
                ParameterKind.Number => JsonSchemaType.Number,
                ParameterKind.Integer => JsonSchemaType.Integer,
                ParameterKind.Flag => JsonSchemaType.Boolean,
                ParameterKind.List => JsonSchemaType.Array,
                ParameterKind.Object => JsonSchemaType.Object,
                ParameterKind.TextOrTexts => JsonSchemaType.String | JsonSchemaType.Array,
                _ => null,
            },
        };
        if (parameter.Kind is ParameterKind.List or ParameterKind.TextOrTexts)
        {
            schema.Items = parameter.Kind == ParameterKind.List ? new OpenApiSchema() : new OpenApiSchema { Type = JsonSchemaType.String };
        }

        return schema;
    }
}
