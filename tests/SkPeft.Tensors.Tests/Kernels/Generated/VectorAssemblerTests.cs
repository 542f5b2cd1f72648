using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels.Generated;

/// <summary>Encodings, as GNU as writes them (binutils 2.40).</summary>
public sealed class VectorAssemblerTests
{
    [Fact]
    public void Vector_RegistersAndMemory_AreEncodedAsGnuAsDoes()
    {
        Check("62e17e486f8f45230100", c => c.Vector(Opcode.Load, 17, 0, General.First, 0x12345)); // vmovdqu32 zmm17, [rdi+0x12345]
        Check("62f17c4811b945230100", c => c.Vector(Opcode.Store, 7, 0, General.Fourth, 0x12345)); // vmovups [rcx+0x12345], zmm7
        Check("62627d48138745230100", c => c.Vector(Opcode.LoadHalf, 24, 0, General.First, 0x12345)); // vcvtph2ps zmm24, [rdi+0x12345]
        Check("62a12d40dbc1", c => c.Vector(Opcode.And, 16, 26, 17)); // vpandd zmm16, zmm26, zmm17
        Check("62a12d40efff", c => c.Vector(Opcode.Xor, 23, 26, 23)); // vpxord zmm23, zmm26, zmm23
        Check("62710558febe45230100", c => c.Vector(Opcode.Add, 15, 15, General.Second, 0x12345, broadcast: true)); // vpaddd zmm15, zmm15, [rsi+0x12345]{1to16}
        Check("62724550508645230100", c => c.Vector(Opcode.AddByteProducts, 8, 23, General.Second, 0x12345, broadcast: true)); // vpdpbusd zmm8, zmm23, [rsi+0x12345]{1to16}
        Check("62e2a5408da745230100", c => c.Vector(Opcode.PermuteWords, 20, 27, General.First, 0x12345)); // vpermw zmm20, zmm27, [rdi+0x12345]
        Check("62517c485bc9", c => c.Vector(Opcode.ToSingle, 9, 0, 9)); // vcvtdq2ps zmm9, zmm9
        Check("62e13c50598645230100", c => c.Vector(Opcode.Multiply, 16, 24, General.Second, 0x12345, broadcast: true)); // vmulps zmm16, zmm24, [rsi+0x12345]{1to16}
        Check("62b21548b8ea", c => c.Vector(Opcode.MultiplyAdd, 5, 13, 18)); // vfmadd231ps zmm5, zmm13, zmm18
        Check("b845230100" + "62627d487cd0", c => c.Constant(26, 0x12345)); // mov eax, 0x12345; vpbroadcastd zmm26, eax
    }

    [Fact]
    public void Shift_ByAConstant_IsEncodedAsGnuAsDoes()
    {
        Check("62b1654072d304", c => c.ShiftRight(19, 19, 4)); // vpsrld zmm19, zmm19, 4
        Check("62d12d4872f208", c => c.ShiftLeft(10, 10, 8)); // vpslld zmm10, zmm10, 8
    }

    [Fact]
    public void Scalar_Instructions_AreEncodedAsGnuAsDoes()
    {
        Check("0f188f45230100", c => c.Prefetch(General.First, 0x12345)); // prefetcht0 [rdi+0x12345]
        Check("488d8745230100482500f0ffff0f1808", c => c.PrefetchPage(General.First, 0x12345)); // lea rax, [rdi+0x12345]; and rax, -4096; prefetcht0 [rax]
        Check("8b8645230100", c => c.LoadWord(General.Second, 0x12345)); // mov eax, [rsi+0x12345]
        Check("0b8645230100", c => c.OrWord(General.Second, 0x12345)); // or eax, [rsi+0x12345]
        Check("4881c745230100", c => c.AddTo(General.First, 0x12345)); // add rdi, 0x12345
        Check("c5f877c3", c => c.Return()); // vzeroupper; ret
        Check("4885c00f8400000000", c => c.Land(c.JumpIfZero(General.Free))); // test rax, rax; jz to the next
        Check("48ffca0f85f7ffffff", c => c.LoopWhileNotZero(General.Third, 0)); // dec rdx; jnz to the start
    }

    private static void Check(string expected, Action<VectorAssembler> write)
    {
        VectorAssembler code = new();
        write(code);
        Convert.ToHexStringLower(code.ToArray()).ShouldBe(expected);
    }
}
