using System.Text.Json;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.TrainableTokens;

/// <summary>Tokens under training; their file repeats the rows for a head that follows the embedding, as the reference's does.</summary>
internal sealed class TrainableTokensTraining(
    IPeftMethod method, TrainingRequest request, JsonElement config, ParameterSet parameters, TokenTables tables)
    : DirectTraining(method, request, config, parameters)
{
    // A file that came without the copy is saved without it.
    private readonly ModuleInfo? _copied =
        tables.Follower is { } head && (request.Package.Tensors.Count == 0 || request.Package.Tensors.ContainsKey(TokenTables.FileName(head))) ? head : null;

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export()
    {
        AdapterPackage package = base.Export()[0];
        if (_copied is null)
        {
            return [package];
        }

        Dictionary<string, Tensor> tensors = new(package.Tensors, StringComparer.Ordinal)
        {
            [TokenTables.FileName(_copied)] = package.Tensors[TokenTables.FileName(tables.Own.Single())],
        };
        return [new AdapterPackage(package.Name, package.Config, tensors)];
    }
}
