Console.WriteLine("tdv");
