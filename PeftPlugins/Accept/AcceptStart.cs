using SkPeft.Tensors;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Accept;

/// <summary>
/// Begins a training. The paper's start is random in all tensors; better ones are a codebook of zeros for the added part (the text starts as
/// it is, and the gradient is not zero) and prepended rows fitted to the embeddings of a text.
/// </summary>
internal static class AcceptStart
{
    // The two parts need very different learning rates (arXiv 2410.12847's code: 0.3 and 5e-4).
    public const string PromptGroup = "prompt";
    public const string ScapGroup = "scap";

    public static PeftTraining Begin(AcceptMethod method, TrainingRequest request)
    {
        int hidden = request.Model.Shape.Sizes.HiddenSize;
        AdapterPackage package = new ConfigDraft(request)
            .Default("num_virtual_tokens", 20).Default("sub_dim", LargestDivisor(hidden, 32)).Default("codewords", 20)
            .Default("scap", true).Default("max_length", 256).Default("scap_sub_dim", LargestDivisor(hidden, 96)).Default("scap_codewords", 20)
            .ToPackage(request.Package.Name);
        AcceptConfig config = AcceptConfig.Read(package, hidden);
        StartReader options = new(request);
        bool fitted = options.Get("init") is not null || options.Get("text") is not null || options.Get("labels") is not null;
        SoftTokenStart rows = SoftTokenStart.Read(options);
        string scap = options.Text("scap_init", "kaiming");
        if (scap is not ("kaiming" or "zero_codebook"))
        {
            options.Problem($"start.scap_init is {scap}; kaiming and zero_codebook are supported");
        }

        options.Finish();
        ParameterSet parameters = new();
        CompositePrompt prompt = fitted
            ? CompositeFit.To(rows.Create(request, config.Prepended.Rows), config.Prepended, request.Random)
            : Random(config.Prepended, hidden, request.Random, codebookGain: 1);
        Add(parameters, "prompt", prompt, PromptGroup);
        if (config.Added is { } sizes)
        {
            // kaiming_uniform_(a = 0) is √6 times as wide as a = √5.
            Add(parameters, "scap", Random(sizes, hidden, request.Random, scap == "kaiming" ? MathF.Sqrt(6) : 0), ScapGroup);
        }

        return new DirectTraining(method, request, package.Config, parameters);
    }

    private static CompositePrompt Random(CompositeSizes sizes, int hidden, Random random, float codebookGain)
    {
        int subspaces = hidden / sizes.SubDim;
        Tensor weights = StartValues.KaimingUniform(random, sizes.Rows, subspaces, sizes.Codewords);
        float bound = codebookGain / MathF.Sqrt(sizes.Codewords * sizes.SubDim);
        return new CompositePrompt(weights, StartValues.Uniform(random, bound, subspaces, sizes.Codewords, sizes.SubDim));
    }

    private static void Add(ParameterSet parameters, string name, CompositePrompt prompt, string group)
    {
        string weights = CompositePrompt.WeightsOf(name), codebook = CompositePrompt.CodebookOf(name);
        parameters.Add(weights, weights, prompt.Weights, group);
        parameters.Add(codebook, codebook, prompt.Codebook, group);
    }

    private static int LargestDivisor(int of, int most) => Enumerable.Range(1, Math.Min(of, most)).Last(d => of % d == 0);
}
