namespace SkPeft.Tensors.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Errors_NameFileFieldFoundAndExpected() =>
        new FileFormatException("a.gguf", "version", "9", "2 or 3").Message.ShouldBe("a.gguf: version: found 9, expected 2 or 3.");
}
