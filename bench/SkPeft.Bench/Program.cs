using SkPeft.Bench;
using SkPeft.Bench.Gemm;
using SkPeft.Bench.Kernels;
using SkPeft.Bench.Loras;
using SkPeft.Bench.Training;

// Speed is measured here and nowhere else: tests never time anything. See bench/README.md.
return args switch
{
    ["peer", string model, .. string[] rest] => await PeerCommand.RunAsync(model, PeerOptions.Parse(rest)),
    ["loras", string model, .. string[] rest] => await LoraPeerCommand.RunAsync(model, PeerOptions.Parse(rest)),
    ["lookup", string model, .. string[] rest] => await LookupCommand.RunAsync(model, PeerOptions.Parse(rest)),
    ["quick", string model, .. string[] rest] => await QuickCommand.RunAsync(model, PeerOptions.Parse(rest)),
    ["kernels", .. string[] rest] => KernelsCommand.Run(PeerOptions.Parse(rest)),
    ["gemm", .. string[] rest] => await GemmCommand.RunAsync(PeerOptions.Parse(rest)),
    ["train", string model, .. string[] rest] => await TrainCommand.RunAsync(model, PeerOptions.Parse(rest)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage:
          peer MODEL.gguf [--threads 2] [--repeat 5] [--batches 4,8,16] [--depth 8192] [--out FOLDER]
                                                                       alternates with llama-bench (LLAMA_BIN names its folder) and writes a result file
          loras MODEL.gguf [--threads 2] [--repeat 5] [--out FOLDER]   16 requests through 16 LoRAs, alternates with llama-server (LLAMA_BIN names its folder)
          lookup MODEL --data samsum/test.jsonl [--threads 2] [--repeat 5] [--out FOLDER]
                                                                       answers with and without guesses by prompt lookup
          quick MODEL [--threads 2] [--repeat 5]                       decode and prefill of this engine alone
          kernels [--threads 2]                                        GB/s and Gop/s of the kernels beside the machine's ceilings
          gemm [--threads 2] [--repeat 5] [--out FOLDER]               alternates with OpenBLAS at the shapes of training and writes a result file
          train MODEL --data SST2/train.jsonl [--threads 2] [--repeat 5] [--out FOLDER]
                                                                       steps of LoRA, prompt and prefix tuning beside the machine's fp32 products
        """);
    return 2;
}
