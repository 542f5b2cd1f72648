namespace SkPeft.Tensors.Formats;

/// <summary>Several safetensors files that make one model, held together by <c>model.safetensors.index.json</c>.</summary>
public sealed class ShardedSafetensors : ITensorFile
{
    private readonly List<SafetensorsFile> _shards = [];
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private ShardedSafetensors(string path) => Path = path;

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>Opens an index and every shard it names. Shards lie beside the index.</summary>
    /// <param name="indexPath">The index.</param>
    /// <exception cref="FileAccessException">The index or a shard is missing or may not be read.</exception>
    /// <exception cref="FileFormatException">Malformed files, a shard name that is no plain file name, a tensor in two shards or in none.</exception>
    public static ShardedSafetensors Open(string indexPath)
    {
        SafetensorsIndex index = SafetensorsIndex.Read(indexPath);
        ShardedSafetensors model = new(indexPath);
        try
        {
            string folder = System.IO.Path.GetDirectoryName(indexPath) ?? string.Empty;
            foreach (string shard in index.Shards)
            {
                model.Add(SafetensorsFile.Open(System.IO.Path.Combine(folder, shard)));
            }

            index.RequireAll(model._tensors);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps all shards.</summary>
    public void Dispose() => _shards.ForEach(shard => shard.Dispose());

    private void Add(SafetensorsFile shard)
    {
        _shards.Add(shard);
        foreach ((string name, StoredTensor tensor) in shard.Tensors)
        {
            if (!_tensors.TryAdd(name, tensor))
            {
                throw new FileFormatException(shard.Path, $"tensor '{name}'", $"the name a second time, after {_tensors[name].File}",
                    "every name in one shard");
            }
        }
    }
}
