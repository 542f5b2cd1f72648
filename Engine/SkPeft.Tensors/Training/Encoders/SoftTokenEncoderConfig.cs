namespace SkPeft.Tensors.Training;

/// <summary>The options of a <see cref="SoftTokenEncoder"/> in Hugging Face's configurations; they matter while it is trained only.</summary>
/// <param name="Kind">MLP or LSTM.</param>
/// <param name="Hidden">Its width.</param>
/// <param name="Layers">LSTM layers.</param>
/// <param name="Dropout">The share that is dropped between LSTM layers, in [0, 1); nothing else is, whatever the kind.</param>
public sealed record SoftTokenEncoderConfig(string Kind, int Hidden, int Layers, float Dropout = 0)
{
    /// <summary>Reads the options.</summary>
    /// <param name="package">The configuration, complete.</param>
    /// <exception cref="AdapterOptionException">An option cannot be trained with.</exception>
    public static SoftTokenEncoderConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        SoftTokenEncoderConfig config = new(
            reader.Text("encoder_reparameterization_type", SoftTokenEncoder.Mlp), reader.Integer("encoder_hidden_size", 0), reader.Integer("encoder_num_layers", 0),
            reader.Number("encoder_dropout", 0));
        List<string> problems = [];
        if (config.Kind is not (SoftTokenEncoder.Mlp or SoftTokenEncoder.Lstm))
        {
            problems.Add($"encoder_reparameterization_type is {config.Kind}; MLP and LSTM can be trained");
        }

        if (config.Hidden < 1 || config.Layers < 1)
        {
            problems.Add($"encoder_hidden_size is {config.Hidden} and encoder_num_layers {config.Layers}; at least 1 can be trained");
        }

        if (config.Dropout is < 0 or >= 1)
        {
            problems.Add($"encoder_dropout is {config.Dropout}; at least 0 and less than 1 can be trained");
        }

        return problems.Count == 0 ? config : throw new AdapterOptionException(package.Name, package.PeftType, problems);
    }
}
