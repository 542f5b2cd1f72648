using SkPeft.Peft.Accept;
using SkPeft.PeftPlugins.Tests.Training;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Accept;

public sealed class AcceptStartTests
{
    private static readonly AcceptMethod s_method = new();

    private static readonly ReferenceLlama s_model = ReferenceLlama.Random(
        new ModelSizes { Layers = 1, HiddenSize = 12, Heads = 2, KeyValueHeads = 1, HeadDim = 4, IntermediateSize = 8, VocabularySize = 97 }, 4);

    [Fact]
    public void BeginTraining_WithoutAWord_HasThePapersBoundsAndTwoGroups()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_model, """{ "peft_type": "SKPEFT_ACCEPT" }"""));

        training.Parameters.Select(p => (p.Name, p.Group)).ShouldBe([
            ("prompt_weight", "prompt"), ("codebook_prompt", "prompt"), ("scap_weight", "scap"), ("codebook_scap", "scap"),
        ]);
        foreach ((string name, double bound) in new[]
        {
            ("prompt_weight", 1 / Math.Sqrt(1 * 20)), ("codebook_prompt", 1 / Math.Sqrt(20 * 12)), ("scap_weight", 1 / Math.Sqrt(1 * 20)), ("codebook_scap", Math.Sqrt(6.0 / (20 * 12))),
        })
        {
            ((double)training.Value(name).Data.ToArray().Max(Math.Abs)).ShouldBeInRange(0.9 * bound, bound, name);
        }

        s_method.Load(training.Export().ShouldHaveSingleItem(), s_model.Shape).MatchedModules.ShouldBe(["model.embed_tokens"]);
    }

    [Fact]
    public void BeginTraining_WithACodebookOfZeros_LeavesTheTextAsItIs()
    {
        PeftTraining training = s_method.BeginTraining(Requests.Of(s_model, """{ "peft_type": "SKPEFT_ACCEPT", "sub_dim": 4 }""", """{ "scap_init": "zero_codebook" }"""));

        Tensor text = RandomTensors.Normal(new Random(1), 1, 3, 12);
        ((TokenEmbeddingEffect)training.BuildEffects(s_model, 0)[1]).Apply([0, 0, 0], 0, text).Data.ToArray().ShouldBe(text.Data.ToArray());
        training.Value("scap_weight").Data.ToArray().ShouldAllBe(v => v != 0);
        training.Value("codebook_prompt").Data.ToArray().ShouldAllBe(v => v != 0);
    }

    [Theory]
    [InlineData(7, 4, 7)]  // a codeword for every row
    [InlineData(7, 4, 10)] // more
    [InlineData(7, 4, 4)]  // as many as the subspace is wide
    [InlineData(7, 4, 5)]
    [InlineData(1, 12, 1)]
    public void BeginTraining_FromATextWithEnoughCodewords_StartsWithItsEmbeddings(int rows, int width, int codewords)
    {
        PeftTraining training = Fitted(rows, width, codewords);

        ReferenceProbe probe = new(s_model);
        int[] words = [.. probe.Tokenize("the words of a text")];
        Tensor expected = probe.Embeddings([.. Enumerable.Range(0, rows).Select(i => words[i % 5])]);
        float[] found = ((PromptEmbeddingsEffect)training.BuildEffects(s_model, 0)[0]).Embeddings.Data.ToArray();
        found.Zip(expected.Data.ToArray()).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-5);
        training.Value("codebook_prompt").Data.ToArray().Max(Math.Abs).ShouldBeLessThan(10 * expected.Data.ToArray().Max(Math.Abs), "codewords have the size of what they stand for");
    }

    [Fact]
    public void Fit_WithFewCodewords_IsTheBestOfItsRank()
    {
        // Singular values 8, 4, 2, 1 by construction: the best approximation of rank 2 is off by √(2² + 1²).
        Tensor target = new(4, 4);
        float[] values = [8, 4, 2, 1];
        float[][] left = Hadamard([0, 1, 2, 3]), right = Hadamard([2, 0, 3, 1]);
        for (int i = 0; i < 16; i++)
        {
            target.Data[i] = Enumerable.Range(0, 4).Sum(k => values[k] * left[k][i / 4] * right[k][i % 4]);
        }

        Tensor composed = CompositeFit.To(target, new CompositeSizes(4, 4, 2), new Random(3)).Compose();

        double residual = Math.Sqrt(composed.Data.ToArray().Zip(target.Data.ToArray(), (a, b) => Math.Pow(a - b, 2)).Sum());
        residual.ShouldBe(Math.Sqrt(5), 1e-3);
    }

    [Theory]
    [InlineData("""{ "scap_init": "zero" }""", "start.scap_init is zero")]
    [InlineData("""{ "init": "text" }""", "start.text is missing")]
    [InlineData("""{ "text": "" }""", "start.text is ''")]
    [InlineData("""{ "codebook": 1 }""", "start.codebook")]
    public void BeginTraining_AStartThatIsNotKnown_IsNamed(string start, string named) =>
        Should.Throw<AdapterOptionException>(() => s_method.BeginTraining(Requests.Of(s_model, """{ "peft_type": "SKPEFT_ACCEPT" }""", start))).Message.ShouldContain(named);

    private static PeftTraining Fitted(int rows, int width, int codewords) => s_method.BeginTraining(Requests.Of(
        s_model,
        $$"""{ "peft_type": "SKPEFT_ACCEPT", "num_virtual_tokens": {{rows}}, "sub_dim": {{width}}, "codewords": {{codewords}}, "scap": false }""",
        """{ "text": "the words of a text" }"""));

    // Rows of the 4 × 4 Hadamard matrix in some order, of length 1.
    private static float[][] Hadamard(int[] order) =>
        [.. order.Select(r => Enumerable.Range(0, 4).Select(c => System.Numerics.BitOperations.PopCount((uint)(r & c)) % 2 == 0 ? 0.5f : -0.5f).ToArray())];
}
