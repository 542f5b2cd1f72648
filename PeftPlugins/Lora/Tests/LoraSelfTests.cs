using SkPeft.Peft.Lora;

namespace SkPeft.PeftPlugins.Tests.Lora;

public sealed class LoraSelfTests
{
    [Fact]
    public void SelfTest_BothMethods_Pass()
    {
        new LoraMethod().SelfTest();
        new AdaLoraMethod().SelfTest();
    }
}
