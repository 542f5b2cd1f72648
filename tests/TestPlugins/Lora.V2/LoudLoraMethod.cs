using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkPeft.Peft.Lora;

/// <summary>LoRA with <c>lora_alpha</c> taken twice.</summary>
public sealed class LoudLoraMethod : IPeftMethod
{
    private readonly LoraMethod _lora = new();

    public IReadOnlyList<string> PeftTypes => _lora.PeftTypes;

    public string Description => "LoRA, twice as loud";

    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        JsonObject config = JsonObject.Create(package.Config)!;
        config["lora_alpha"] = 2 * config["lora_alpha"]!.GetValue<double>();
        using JsonDocument document = JsonDocument.Parse(config.ToJsonString());
        return _lora.Load(new AdapterPackage(package.Name, document.RootElement.Clone(), package.Tensors), shape);
    }

    public void SelfTest() => _lora.SelfTest();
}
