using ShippedModel;

// The parts of models/make.sh that are data and measurement; everything else there is the skpeft tool.
return args switch
{
    ["corpus", string data, string folder] => Corpus.Write(data, folder),
    ["slots", string model, string adapter, string data] => await SlotCheck.RunAsync(model, adapter, data),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ShippedModel corpus DATA OUT                 texts to pretrain on, and the skills' own lines");
    Console.Error.WriteLine("       ShippedModel slots MODEL ADAPTER TEST.jsonl   which of the given values stand in the generated sentences (ADAPTER '-': the bare model)");
    return 2;
}
